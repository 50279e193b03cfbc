// Fits a forecasting network on series, judges it on persons that took no part, writes it for the runtime.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/forecast/series.hpp"

namespace pyro::training {

inline const std::vector<std::string> kForecastNets{"lstm", "tcn", "transformer"};

struct ForecastJob {
  std::filesystem::path out;  // a folder for each network: model.xml, model.bin, selftest.json, record.json
  std::vector<std::string> nets = kForecastNets;
  double step_s = forecast::kStep.count();
  std::int64_t width = 48;
  int epochs = 12;
  std::int64_t batch = 32;      // series side by side
  double learning_rate = 4e-3;  // Adam's, falling to 0 along half a cosine
  double hold_out = 0.2;        // share of the persons for choosing the epoch
  std::uint64_t seed = 1;
  int calls = 2000;  // timed after the export
  std::string data;  // what the series are, for the record
};

// Series are read in windows of 30 steps one after the other, the state going on from window to window and
// gradients ending there (truncated backpropagation through time). Loss: squared error of the means, pinball
// loss (Koenker and Bassett 1978) of the quantiles, over the targets that were seen. The epoch with the least
// loss on held-out persons is kept. Returns what was printed: per network loss, skill against persistence on
// the held-out persons, parity and time of the export. Errors: fewer than two persons (bad_input), the
// engine, disk full (failed).
Result<nlohmann::json> fit_forecasters(const std::vector<forecast::Series>& series, const ForecastJob& job);

}  // namespace pyro::training
