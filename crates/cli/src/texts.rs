//! Cuts a stream of input into the texts of commands.
//!
//! Usually one a line. A line that is unfinished JSON goes on over the lines that follow, until the
//! JSON is complete, a line begins with `{` in its first column, or the input ends; so one command
//! printed over several lines is read too, and a line that was cut short spoils no other.

use std::io::{self, BufRead};

/// The longest text of one command, in bytes.
pub const TEXT_BYTES_MAX: usize = 1024 * 1024;

/// The text of one command, and the line on which it begins.
#[derive(Debug, PartialEq, Eq)]
pub struct Text {
    pub line: u64,
    pub text: Result<String, NoText>,
}

/// Why bytes are no text of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoText {
    /// Longer than [`TEXT_BYTES_MAX`].
    TooLong,
    /// Not UTF-8.
    NotUtf8,
}

/// The texts of an input, one after another.
pub struct Texts<R> {
    input: R,
    line: u64,
    /// A line that was read to see whether it continues the one before.
    ahead: Option<(u64, Result<String, NoText>)>,
}

impl<R: BufRead> Texts<R> {
    /// The texts of this input.
    pub fn of(input: R) -> Self {
        Self { input, line: 0, ahead: None }
    }

    /// The next text; nothing at the end of the input.
    pub fn next(&mut self) -> io::Result<Option<Text>> {
        let Some((line, first)) = self.line_with_text()? else { return Ok(None) };
        let mut text = match first {
            Ok(text) => text,
            Err(why) => return Ok(Some(Text { line, text: Err(why) })),
        };
        if !is_unfinished(&text) {
            return Ok(Some(Text { line, text: Ok(text) }));
        }
        while let Some((number, more)) = self.line_with_text()? {
            let Ok(more) = more else {
                self.ahead = Some((number, more));
                break;
            };
            if more.starts_with('{') {
                self.ahead = Some((number, Ok(more)));
                break;
            }
            text.push('\n');
            text.push_str(&more);
            if text.len() > TEXT_BYTES_MAX {
                return Ok(Some(Text { line, text: Err(NoText::TooLong) }));
            }
            // Only a closing brace can complete a command: asked rarely, since it reads all again.
            if more.trim_end().ends_with('}') && !is_unfinished(&text) {
                break;
            }
        }
        Ok(Some(Text { line, text: Ok(text) }))
    }

    fn line_with_text(&mut self) -> io::Result<Option<(u64, Result<String, NoText>)>> {
        if let Some(ahead) = self.ahead.take() {
            return Ok(Some(ahead));
        }
        loop {
            let mut bytes = Vec::new();
            let limit = TEXT_BYTES_MAX as u64 + 1;
            if io::Read::take(&mut self.input, limit).read_until(b'\n', &mut bytes)? == 0 {
                return Ok(None);
            }
            self.line += 1;
            if bytes.len() as u64 == limit && bytes.last() != Some(&b'\n') {
                self.skip_line()?;
                return Ok(Some((self.line, Err(NoText::TooLong))));
            }
            let Ok(text) = String::from_utf8(bytes) else {
                return Ok(Some((self.line, Err(NoText::NotUtf8))));
            };
            let text = if self.line == 1 { text.trim_start_matches('\u{feff}') } else { &text };
            let text = text.trim_end_matches(['\n', '\r']);
            if !text.trim().is_empty() {
                return Ok(Some((self.line, Ok(text.to_owned()))));
            }
        }
    }

    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let buffer = self.input.fill_buf()?;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let (used, done) = end.map_or((buffer.len(), buffer.is_empty()), |at| (at + 1, true));
            self.input.consume(used);
            if done {
                return Ok(());
            }
        }
    }
}

/// Whether the text is the beginning of some JSON, cut short.
fn is_unfinished(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_err_and(|error| error.is_eof())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(input: &str) -> Vec<(u64, String)> {
        let mut texts = Texts::of(input.as_bytes());
        let mut found = Vec::new();
        while let Some(text) = texts.next().unwrap() {
            found.push((text.line, text.text.unwrap()));
        }
        found
    }

    fn expect(input: &str, expected: &[(u64, &str)]) {
        let expected: Vec<_> = expected.iter().map(|(line, text)| (*line, (*text).to_owned())).collect();
        assert_eq!(texts(input), expected, "{input:?}");
    }

    #[test]
    fn one_command_a_line() {
        expect(
            "{\"a\":1}\n\n  \n{\"b\":2}\r\n{\"c\":3}",
            &[(1, "{\"a\":1}"), (4, "{\"b\":2}"), (5, "{\"c\":3}")],
        );
    }

    #[test]
    fn commands_over_several_lines() {
        let printed = "{\n  \"a\": [\n    {\n      \"b\": {}\n    }\n  ]\n}";
        expect(printed, &[(1, printed)]);
        expect(&format!("{printed}\n{printed}\n{{}}"), &[(1, printed), (8, printed), (15, "{}")]);
    }

    #[test]
    fn a_line_cut_short_spoils_no_other() {
        expect("{\"a\":\n{\"b\":2}\n", &[(1, "{\"a\":"), (2, "{\"b\":2}")]);
        expect("nonsense\n{}\n{\"a\"", &[(1, "nonsense"), (2, "{}"), (3, "{\"a\"")]);
    }

    #[test]
    fn a_line_too_long_or_not_utf8_is_told_and_skipped() {
        let mut input = b"{}\n\"".to_vec();
        input.resize(input.len() + TEXT_BYTES_MAX + 10, b'x');
        input.extend_from_slice(b"\n\xff\n{}\n");
        let mut texts = Texts::of(&input[..]);
        let mut next = || texts.next().unwrap().map(|text| (text.line, text.text));
        assert_eq!(next(), Some((1, Ok("{}".to_owned()))));
        assert_eq!(next(), Some((2, Err(NoText::TooLong))));
        assert_eq!(next(), Some((3, Err(NoText::NotUtf8))));
        assert_eq!(next(), Some((4, Ok("{}".to_owned()))));
        assert_eq!(next(), None);
    }
}
