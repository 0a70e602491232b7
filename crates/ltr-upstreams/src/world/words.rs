//! The services' own words, spelt as their specifications spell them. Any other word can be served too (T19).

/// Declares the words of one field.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $(
                #[doc = concat!("`", $text, "`.")]
                $(#[$vdoc])*
                $variant,
            )*
            /// A word that no specification has, served as it is (T19).
            Other($crate::world::Text),
        }

        impl $name {
            /// Every word of the specification.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),*];

            /// The word as the service spells it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other(text) => text,
                }
            }
        }
    };
}

pub(crate) use words;
