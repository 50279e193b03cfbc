#include "forecast/forecast.hpp"

#include "forecast/parts.hpp"
#include "pyro/base/files.hpp"
#include "pyro/base/sha256.hpp"

namespace pyro::cli {
namespace {

constexpr std::uintmax_t kLargestModel = 64 << 20;

Result<infer::ModelFile> file_at(const std::filesystem::path& path) {
  const Result<std::string> bytes = read_whole(path, kLargestModel);
  if (!bytes) return tl::make_unexpected(bytes.error());
  return infer::ModelFile{std::filesystem::absolute(path).string(), bytes->size(), sha256_hex(*bytes)};
}

// Not in any manifest: what its self-test says stands in for the checksums there.
Result<infer::Model> model_in(const std::filesystem::path& folder) {
  infer::ModelEntry entry;
  entry.name = std::filesystem::absolute(folder).lexically_normal().filename().string();
  if (entry.name.empty()) entry.name = "forecaster";
  entry.version = "0.0.0";
  entry.origin = infer::Origin::added;
  for (const auto& [file, name] :
       {std::pair(&entry.file, "model.xml"), std::pair(&entry.weights, "model.bin"),
        std::pair(&entry.self_test, "selftest.json")}) {
    Result<infer::ModelFile> found = file_at(folder / name);
    if (!found) return tl::make_unexpected(found.error());
    *file = std::move(*found);
  }
  infer::StoreOptions options;
  options.added = {entry};
  return infer::ModelStore::of_added(options).compile(entry.reference());
}

}  // namespace

Result<forecaster::Forecaster> open_forecaster(const std::string& model, const PlaceFlags& place) {
  std::error_code error;
  if (std::filesystem::is_directory(model, error)) {
    const Result<infer::Model> found = model_in(model);
    if (!found) return tl::make_unexpected(found.error());
    return forecaster::Forecaster::create(*found);
  }
  const Result<infer::ModelStore> models = open_models(place);
  if (!models) return tl::make_unexpected(models.error());
  const Result<infer::Model> found = models->compile(model);
  if (!found) return tl::make_unexpected(found.error());
  return forecaster::Forecaster::create(*found);
}

void add_simulator_flags(CLI::App& verb, forecast::SimulatorSettings& settings) {
  for (const forecast::SimulatorParameter& parameter : forecast::simulator_parameters()) {
    verb.add_option("--sim." + std::string(parameter.name), settings.*parameter.value,
                    std::string(parameter.what))
        ->check(CLI::Range(parameter.least, parameter.most))
        ->capture_default_str()
        ->group("Simulated people");
  }
}

void add_forecast(CLI::App& app, Chosen& chosen) {
  CLI::App* verb = app.add_subcommand(
      "forecast", "The score to come: a trained forecaster over recorded frames, and how good it is");
  verb->require_subcommand(1);
  verb->footer(
      "Example: pyrometer forecast run results/ --model out/forecast/lstm\nA forecaster is trained by "
      "`./run forecast --simulate 120 --out out/forecast`.");
  add_forecast_run(*verb, chosen);
  add_forecast_evaluate(*verb, chosen);
  add_forecast_simulate(*verb, chosen);
  add_forecast_series(*verb, chosen);
}

}  // namespace pyro::cli
