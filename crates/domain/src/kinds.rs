//! Writes out, beside each event enum, the stored name and version of every variant.

/// Implements `kind` for an event enum, and finds its correction; the names are the ones in the serde tags.
macro_rules! kinds {
    ($enum:ident { $($variant:ident = $name:literal v $version:literal),* $(,)? }) => {
        impl $enum {
            /// Every stored name and version of this stream's events.
            pub const KINDS: &'static [$crate::envelope::Kind] =
                &[$($crate::envelope::Kind { name: $name, version: $version }),*];

            fn stored_kind(&self) -> $crate::envelope::Kind {
                match self {
                    $(Self::$variant { .. } => $crate::envelope::Kind { name: $name, version: $version },)*
                }
            }

            pub(crate) fn as_correction(&self) -> Option<&$crate::correction::Correction<Self>> {
                match self {
                    Self::Corrected(correction) => Some(correction),
                    _ => None,
                }
            }
        }
    };
}
pub(crate) use kinds;

/// Implements [`crate::stream::Refusal`]: one stable code per variant, and the two shared refusals.
macro_rules! refusal_codes {
    ($enum:ident { $($variant:ident = $code:literal),* $(,)? }) => {
        impl $enum {
            /// Every stable code of this stream's own refusals.
            pub const CODES: &'static [&'static str] = &[$($code),*];
        }

        impl $crate::stream::Refusal for $enum {
            fn code(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $code,)*
                    Self::YearNotOpen(_) => "year.not_open",
                    Self::Correction(refused) => refused.code(),
                }
            }
        }
    };
}
pub(crate) use refusal_codes;
