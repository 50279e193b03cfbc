// What validating 10,000 pairs with 10,000 permutations costs, on one thread; and where the time goes.
#include "pyro/validity/validation.hpp"

#include <benchmark/benchmark.h>

#include <cmath>
#include <string>

#include "pyro/stats/correlation.hpp"
#include "pyro/validity/report.hpp"

namespace {

using namespace pyro;

// Made-up pairs, `sessions` a person; the same in each run.
validity::PairTable made_up(std::size_t count, std::size_t sessions) {
  std::uint64_t state = 1;
  const auto uniform = [&state] {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<double>(state >> 11U) * 0x1p-53;
  };
  validity::PairTable table;
  table.source = "made up";
  for (std::size_t i = 0; i < count; ++i) {
    const double score = 100 * uniform();
    table.pairs.push_back({std::to_string(i / sessions), score, 0.5 * score + 50 * uniform()});
  }
  return table;
}

void validate(benchmark::State& state, std::size_t sessions) {
  const validity::PairTable table = made_up(10'000, sessions);
  for (auto _ : state) {
    auto found = validity::validate(table, {});
    if (!found) return state.SkipWithError(found.error().message.c_str());
    benchmark::DoNotOptimize(found);
  }
}
BENCHMARK_CAPTURE(validate, pairs10k_permutations10k, 1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(validate, pairs10k_of_1000_persons, 10)->Unit(benchmark::kMillisecond);

void permutations(benchmark::State& state) {
  std::vector<double> x, y;
  for (const validity::Pair& pair : made_up(static_cast<std::size_t>(state.range(0)), 1).pairs)
    x.push_back(pair.score), y.push_back(pair.survey);
  for (auto _ : state) {
    auto found = stats::permutation_test(x, y, 10'000, 1);
    benchmark::DoNotOptimize(found);
  }
}
BENCHMARK(permutations)->Arg(100)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
