//! A client program of a database that stays open: it is started once, not for every statement, and
//! ends at the first error, after which the next script starts a new one.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;

/// What a client prints when a script has run: no script prints such a line.
const DONE: &str = "\u{2}done\u{2}";

/// A connection to one database.
pub(crate) struct Session {
    /// Makes the client: it reads statements from its input, and ends at the first error.
    client: Box<dyn Fn() -> Command>,
    /// What is told the client first.
    greeting: String,
    /// A statement that prints [`DONE`].
    mark: String,
    running: RefCell<Option<Running>>,
}

struct Running {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    /// Gathers what it says against a script.
    errors: JoinHandle<String>,
}

impl Session {
    /// A session of a client. `mark` makes a statement that prints a text on a line of its own.
    pub(crate) fn new(
        client: impl Fn() -> Command + 'static,
        greeting: String,
        mark: impl Fn(&str) -> String,
    ) -> Session {
        let client = Box::new(client);
        Session { client, greeting, mark: mark(DONE), running: RefCell::new(None) }
    }

    /// Runs a script: what it prints, or what the client says against it.
    pub(crate) fn run(&self, script: &str) -> Result<String, String> {
        let mut slot = self.running.borrow_mut();
        let mut running = slot.take().unwrap_or_else(|| self.start());
        let script = format!("{script}\n{}\n", self.mark);
        let printed = std::thread::scope(|scope| {
            let input = &mut running.input;
            // Beside the reading: with much said on both sides, neither may wait for the other. The
            // client may end at the first error, without reading the rest.
            scope.spawn(move || input.write_all(script.as_bytes()).and_then(|()| input.flush()));
            until_done(&mut running.output)
        });
        if let Some(printed) = printed {
            *slot = Some(running);
            return Ok(printed);
        }
        drop(running.input);
        running.child.wait().unwrap();
        Err(running.errors.join().unwrap())
    }

    fn start(&self) -> Running {
        let mut command = (self.client)();
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut stderr = child.stderr.take().unwrap();
        let errors = std::thread::spawn(move || {
            let mut told = Vec::new();
            // What comes before the end of a broken pipe is kept.
            let _ = stderr.read_to_end(&mut told);
            String::from_utf8_lossy(&told).into_owned()
        });
        writeln!(input, "{}", self.greeting).unwrap();
        Running { child, input, output, errors }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(mut running) = self.running.borrow_mut().take() {
            drop(running.input);
            // A client that is gone already is what is wanted.
            let _ = running.child.wait();
        }
    }
}

/// What is printed before the mark; nothing if the client ends before it.
fn until_done(output: &mut impl BufRead) -> Option<String> {
    let mut printed = Vec::new();
    let end = format!("{DONE}\n");
    loop {
        if output.read_until(b'\n', &mut printed).unwrap() == 0 {
            return None;
        }
        if printed.ends_with(end.as_bytes()) {
            printed.truncate(printed.len() - end.len());
            return Some(String::from_utf8(printed).unwrap());
        }
    }
}
