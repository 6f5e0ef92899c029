//! The `ekiden` command.

fn main() -> std::process::ExitCode {
    ekiden::cli::main()
}
