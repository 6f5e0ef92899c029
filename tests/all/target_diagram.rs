//! The diagrams, read by Mermaid and Graphviz.

use super::target_docs::{check, emit, example, write};

#[test]
fn mermaid_and_graphviz_read_the_diagrams_of_the_examples() {
    for name in ["the_model", "salesforce_default", "hubspot_default"] {
        let output = emit("diagram", &example(name));
        assert!(output.diagnostics.is_empty(), "{:?}", output.diagnostics);
        let folder = write(&format!("diagram-{name}"), &output);
        check("node/mermaid-parse.mjs", &folder);
        check("dot-check", &folder);
    }
}
