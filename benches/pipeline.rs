//! From text to findings, at several sizes: `cargo bench -p ekiden-benches`.

mod generator;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use ekiden::lint::{self, Levels};
use ekiden::source::FileId;
use ekiden::{sema, syntax};

fn pipeline(criterion: &mut Criterion) {
    let today = jiff::civil::date(2026, 11, 23);
    for (name, sizes) in [("read", [100, 1_000, 10_000]), ("check", [100, 1_000, 10_000])] {
        let mut group = criterion.benchmark_group(name);
        group.sample_size(10);
        for stages in sizes {
            let text = generator::process(stages, 8);
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_with_input(BenchmarkId::from_parameter(stages), &text, |bench, text| {
                bench.iter(|| {
                    let parsed = syntax::dsl::parse(FileId(0), text);
                    if name == "read" {
                        return parsed.diagnostics.len();
                    }
                    let analysis = sema::analyze(&[parsed.file], "generated");
                    lint::check(&analysis.process, today, &Levels::default()).len()
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, pipeline);
criterion_main!(benches);
