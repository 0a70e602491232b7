//! Random bytes in small pieces from few calls to the source.

/// Hands out bytes of a random source, each once.
pub(crate) struct Random<'a> {
    source: &'a (dyn Fn(&mut [u8]) + Sync),
    bytes: [u8; 1024],
    left: usize,
}

impl<'a> Random<'a> {
    pub(crate) fn new(source: &'a (dyn Fn(&mut [u8]) + Sync)) -> Self {
        Self {
            source,
            bytes: [0; 1024],
            left: 0,
        }
    }

    /// Fills `out`, which is shorter than a kilobyte.
    pub(crate) fn fill(&mut self, out: &mut [u8]) {
        if self.left < out.len() {
            (self.source)(&mut self.bytes);
            self.left = self.bytes.len();
        }
        let start = self.bytes.len() - self.left;
        out.copy_from_slice(&self.bytes[start..start + out.len()]);
        self.left -= out.len();
    }

    pub(crate) fn nonce(&mut self) -> [u8; 12] {
        let mut nonce = [0; 12];
        self.fill(&mut nonce);
        nonce
    }
}
