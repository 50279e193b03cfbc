// Figures by class, and how sure all of them are.
#pragma once

#include "pyro/datasets/bootstrap.hpp"

namespace pyro::datasets {

struct ClassFigures {
  int support = 0;                           // pictures of this class
  int predicted = 0;                         // pictures that were called so
  double precision = 0, recall = 0, f1 = 0;  // NaN where there is nothing to divide by; f1 is then 0 or NaN
};
using ByClass = std::array<ClassFigures, records::kClasses>;
[[nodiscard]] ByClass by_class(const std::vector<Judged>& judged);

// 95 % percentile bootstrap over pictures, all from the same resamples. A class that a resample lacks takes
// no part in that resample's means.
struct Intervals {
  Interval accuracy, balanced_accuracy, macro_f1;
  std::array<Interval, records::kClasses> recall;  // NaN for a class that does not occur
};
[[nodiscard]] Intervals intervals_of(const std::vector<Judged>& judged, std::uint64_t seed,
                                     int resamples = kResamples);

// Two predictions of the same pictures in the same order: accuracy of the first less that of the second, with
// the interval of that difference over pictures (paired).
struct Difference {
  double value = 0;
  Interval interval;
};
[[nodiscard]] Difference accuracy_difference(const std::vector<Judged>& first,
                                             const std::vector<Judged>& second, std::uint64_t seed);

}  // namespace pyro::datasets
