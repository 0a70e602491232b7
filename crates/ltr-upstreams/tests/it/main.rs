//! The doubles, asked as a client asks them: in this process and over a socket.

mod apply;
mod contract;
mod faults;
mod house;
mod limits;
mod people;
mod register;
mod trs;
mod vacancies;
mod webhooks;
