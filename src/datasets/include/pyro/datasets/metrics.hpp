// Figures about predictions, without torch.
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "pyro/records/signals.hpp"

namespace pyro::datasets {

// No face was found where one is: an error of its class that stands in no column of the confusion matrix.
inline constexpr int kMissed = -1;

struct Judged {
  int truth = 0;
  int predicted = 0;  // or kMissed
};

using Confusion = std::array<std::array<int, records::kClasses>, records::kClasses>;  // [truth][predicted]
Confusion confusion_of(const std::vector<Judged>& judged);

struct Interval {
  double low = 0;
  double high = 0;
};

struct Figures {
  int n = 0;
  double accuracy = 0;
  double balanced_accuracy = 0;  // mean recall over the classes that occur
  double macro_f1 = 0;           // over the classes that occur
  Confusion confusion{};
};
Figures figures_of(const std::vector<Judged>& judged);

// 95 % percentile bootstrap of the accuracy over pictures (Efron 1979).
Interval accuracy_interval(const std::vector<Judged>& judged, std::uint64_t seed, int resamples = 2000);

nlohmann::json to_json(const Figures& figures);

}  // namespace pyro::datasets
