// From values to pixels along one axis, and where its ticks stand.
#pragma once

#include <string>
#include <vector>

#include "pyro/html/charts.hpp"

namespace pyro::html {

class Scale {
 public:
  // `values`: all that is to be seen; what is not finite (log: not above 0) is left out. `bars`: 0 is seen
  // too. Without any value the axis is 0..1 (log: 1..10).
  Scale(const Axis& axis, const std::vector<double>& values, double px_from, double px_to, bool bars = false);

  [[nodiscard]] bool shows(double value) const;
  // Only for values that it shows; values beyond the ends lie beyond the pixels' ends.
  [[nodiscard]] double px(double value) const;
  [[nodiscard]] const std::vector<double>& ticks() const { return ticks_; }
  // As short as tells neighbouring ticks apart.
  [[nodiscard]] std::string tick_text(double tick) const;
  [[nodiscard]] double from() const { return from_; }
  [[nodiscard]] double to() const { return to_; }

 private:
  bool log_;
  double from_ = 0, to_ = 1, px_from_, px_to_, step_ = 0;
  std::vector<double> ticks_;
};

}  // namespace pyro::html
