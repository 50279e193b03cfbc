// Is a change larger than the measure's own unreliability? (Jacobson and Truax 1991)
#pragma once

#include <optional>
#include <span>
#include <string>

#include "pyro/trend/weekly.hpp"

namespace pyro::trend {

// Of the instrument in some population, as its manual or a study reports them.
struct InstrumentError {
  double deviation = 0;    // standard deviation between persons; above 0
  double reliability = 0;  // retest, or alpha; 0..1 without 1
};

enum class Change { none, better, worse };
[[nodiscard]] const char* name_of(Change change);

struct ReliableChange {
  double before = 0, after = 0;  // what is compared
  double standard_error = 0;     // of their difference
  double index = 0;              // difference over standard error; beyond +-1.96 is a reliable change
  Change change = Change::none;
  std::string how;  // which of the two ways, in words with its numbers
};

// With an InstrumentError: RCI = (after - before) / (SD sqrt(2 (1 - r))), of the first and the last value.
[[nodiscard]] ReliableChange reliable_change(double before, double after, const InstrumentError& error,
                                             bool higher_is_worse);
// Without: against the person's own baseline. Before is the baseline's mean, after the mean of the days
// within the last `recent_days`, and the error of their difference is s sqrt(1/m1 + 1/m2), s the baseline's
// standard deviation from day to day and m = n (1 - r)/(1 + r) the number of independent days that n alike
// ones are worth. This asks whether these weeks differ from those, not whether an instrument can tell two
// single scores apart; it is no RCI in Jacobson and Truax's words. Errors (bad_input): fewer than 5 recent
// days, or the recent days reach into the baseline.
[[nodiscard]] Result<ReliableChange> change_from_baseline(std::span<const DayValue> days,
                                                          const Baseline& baseline, int recent_days,
                                                          bool higher_is_worse);

}  // namespace pyro::trend
