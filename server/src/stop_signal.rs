//! The word that everything ends: said once, heard by every task.

use tokio::sync::watch;

/// Says it.
#[derive(Debug)]
pub struct StopSignal(watch::Sender<bool>);

/// Hears it.
#[derive(Clone, Debug)]
pub struct Stopping(watch::Receiver<bool>);

impl Default for StopSignal {
    fn default() -> Self {
        Self(watch::channel(false).0)
    }
}

impl StopSignal {
    /// Says it.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Somebody who hears it, also if it was said before.
    #[must_use]
    pub fn listener(&self) -> Stopping {
        Stopping(self.0.subscribe())
    }
}

impl Stopping {
    /// Waits for it; also ends when nobody is left who could say it.
    pub async fn wait(&mut self) {
        let _ = self.0.wait_for(|stopped| *stopped).await;
    }
}
