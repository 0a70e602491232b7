//! `ltr link`.

use clap::Args;

#[derive(Debug, Args)]
#[command(long_about = LINK)]
pub(crate) struct Link {
    /// Go on as rows arrive, until told to stop (Ctrl-C).
    #[arg(long)]
    pub(crate) follow: bool,
    /// Say what would be published, and publish nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print JSON for programs to read: one object for each match, the last line {sequence, matches, undecodable, dry_run}.
    #[arg(long)]
    pub(crate) json: bool,
}

const LINK: &str = "\
Find the applications of trainees who name none.

Universities often leave the number of the application out, so that no key brings a trainee and her application together.
This compares their names, dates of birth, providers, years and e-mail addresses by the rules of docs/linking.md, and
publishes what it finds:

  proposed   likely; joins nobody until an operator has confirmed it
  asserted   the same name, date of birth and one thing more, and nobody else on either side: joins by itself
  withdrawn  no longer so

What operators confirmed, rejected, joined or split is left alone. Running it again publishes nothing that is there
already. Nothing personal is printed or published: record ids, scores in thousandths and names of rules.

It ends once everything that is on the log now is judged; --follow goes on. It needs the key-encryption key.

Examples:
  ltr link --dry-run
  ltr link --follow";
