// What one step of a forecaster costs on one thread, streaming over a simulated session.
//   forecast_step FOLDER...   each as `./run forecast` wrote it
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>

#include "pyro/base/files.hpp"
#include "pyro/base/sha256.hpp"
#include "pyro/forecast/simulator.hpp"
#include "pyro/forecaster/forecaster.hpp"
#include "pyro/infer/model_store.hpp"

namespace {

using namespace pyro;

infer::ModelFile file_at(const std::filesystem::path& path) {
  const std::string bytes = read_whole(path, 64 << 20).value_or("");
  return {std::filesystem::absolute(path).string(), bytes.size(), sha256_hex(bytes)};
}

int measure(const std::filesystem::path& folder) {
  infer::ModelEntry entry;
  entry.name = folder.filename().string();
  entry.version = "0.0.0";
  entry.origin = infer::Origin::added;
  entry.file = file_at(folder / "model.xml");
  entry.weights = file_at(folder / "model.bin");
  infer::StoreOptions options;
  options.added = {entry};
  const auto model = infer::ModelStore::of_added(options).compile(entry.reference());
  if (!model) return std::fprintf(stderr, "%s\n", model.error().text().c_str()), 1;
  auto network = forecaster::Forecaster::create(*model);
  if (!network) return std::fprintf(stderr, "%s\n", network.error().text().c_str()), 1;
  forecast::SimulatorSettings people;
  people.sessions = 1;
  people.session_s = 5000;
  const auto series = forecast::simulated_series(people, 9, 1, Seconds{network->step_s()}, {});
  std::vector<double> times_us;
  for (const forecast::Step& step : series[0].steps) {
    const auto began = std::chrono::steady_clock::now();
    if (const auto answer = network->step(step); !answer) return 1;
    times_us.push_back(
        std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - began).count());
  }
  std::ranges::sort(times_us);
  const auto at = [&](double share) {
    return times_us[static_cast<std::size_t>(share * static_cast<double>(times_us.size() - 1))];
  };
  std::printf("| %s | %zu | %.0f | %.0f | %.0f |\n", entry.name.c_str(), times_us.size(), at(0.5), at(0.95),
              at(0.99));
  return 0;
}

}  // namespace

int main(int count, char** words) {
  std::printf("| network | steps | median, µs | 95 %% | 99 %% |\n|---|---|---|---|---|\n");
  int failures = 0;
  for (int i = 1; i < count; ++i) failures += measure(words[i]);
  return failures;
}
