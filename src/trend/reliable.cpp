#include "pyro/trend/reliable.hpp"

#include <array>
#include <cmath>
#include <cstdio>

#include "numbers.hpp"

namespace pyro::trend {
namespace {

void judge(ReliableChange& out, bool higher_is_worse) {
  out.index = (out.after - out.before) / out.standard_error;
  if (std::abs(out.index) > kZ95)
    out.change = (out.index > 0) == higher_is_worse ? Change::worse : Change::better;
}

}  // namespace

const char* name_of(Change change) {
  constexpr std::array kNames{"none", "better", "worse"};
  return kNames[static_cast<std::size_t>(change)];
}

ReliableChange reliable_change(double before, double after, const InstrumentError& error,
                               bool higher_is_worse) {
  ReliableChange out{before, after,        error.deviation * std::sqrt(2 * (1 - error.reliability)),
                     0,      Change::none, {}};
  char text[160];
  std::snprintf(text, sizeof text, "first and last value; standard deviation %g and reliability %g as given",
                error.deviation, error.reliability);
  out.how = text;
  judge(out, higher_is_worse);
  return out;
}

Result<ReliableChange> change_from_baseline(std::span<const DayValue> days, const Baseline& baseline,
                                            int recent_days, bool higher_is_worse) {
  if (days.empty()) return bad_input("no day has a value");
  const Day from = days.back().day - std::chrono::days{recent_days - 1};
  if (from <= baseline.last)
    return bad_input("the last " + std::to_string(recent_days) + " days reach into the own baseline (to " +
                     day_text(baseline.last) + "), so there is nothing to compare yet");
  double sum = 0, count = 0;
  for (const DayValue& day : days) {
    if (day.day >= from) sum += day.value, count += 1;
  }
  if (count < 5)
    return bad_input("of the last " + std::to_string(recent_days) + " days only " +
                     std::to_string(static_cast<int>(count)) + " have a value; 5 are needed");
  const double worth = (1 - baseline.lag1) / (1 + baseline.lag1);
  ReliableChange out;
  out.before = baseline.mean, out.after = sum / count;
  out.standard_error = baseline.deviation * std::sqrt(1 / (worth * baseline.days) + 1 / (worth * count));
  char text[200];
  std::snprintf(
      text, sizeof text,
      "mean of the last %d days (%d with a value) against the own baseline's (%d); day-to-day standard "
      "deviation %.3g, lag-1 autocorrelation %.2f",
      recent_days, static_cast<int>(count), baseline.days, baseline.deviation, baseline.lag1);
  out.how = text;
  judge(out, higher_is_worse);
  return out;
}

}  // namespace pyro::trend
