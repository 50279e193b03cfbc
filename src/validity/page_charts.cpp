#include "page_charts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "pyro/html/charts.hpp"
#include "words.hpp"

namespace pyro::validity {
namespace {

constexpr std::size_t kMostDots = 2000;    // of a chart; more lie on each other and make the page heavy
constexpr std::size_t kMostTrends = 12;    // persons
constexpr std::size_t kLeastSessions = 3;  // for a course over time

struct Ends {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  void take(double value) { low = std::min(low, value), high = std::max(high, value); }
};

// Dots only: the line of a series breaks at what is not finite, so one stands between each two.
html::Series dots_of(const std::vector<Pair>& pairs, const std::string& name, double (*x)(const Pair&),
                     double (*y)(const Pair&)) {
  html::Series series{name, {}, {}};
  series.tint = html::Tint::sad;
  series.dots = true;
  const std::size_t step = (pairs.size() + kMostDots - 1) / kMostDots;
  for (std::size_t i = 0; i < pairs.size(); i += step) {
    series.x.insert(series.x.end(), {x(pairs[i]), std::nan("")});
    series.y.insert(series.y.end(), {y(pairs[i]), std::nan("")});
  }
  return series;
}

std::string dots_name(const Validation& v, const char* what) {
  const std::size_t step = (v.n + kMostDots - 1) / kMostDots;
  return step == 1 ? what : std::string(what) + " (every " + std::to_string(step) + "th)";
}

html::Series level(const std::string& name, const Ends& ends, double value, html::Tint tint) {
  html::Series series{name, {ends.low, ends.high}, {value, value}};
  series.tint = tint;
  series.dashed = true;
  return series;
}

html::Series level(const std::string& name, const Ends& ends, const stats::Estimate& estimate,
                   html::Tint tint) {
  html::Series series = level(name, ends, estimate.value, tint);
  series.low = {estimate.interval.low, estimate.interval.low};
  series.high = {estimate.interval.high, estimate.interval.high};
  return series;
}

html::Html trend_of(const std::string& person, const std::vector<const Pair*>& sessions,
                    const Validation& v) {
  html::Series score{v.table.score, {}, {}}, survey{v.table.survey, {}, {}};
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    const Pair& pair = *sessions[i];
    const double first = v.table.dated ? sessions.front()->when.value_or(0) : 0;
    const double at = pair.when ? *pair.when - first : static_cast<double>(i + 1);
    score.x.push_back(at), score.y.push_back(pair.score);
    survey.x.push_back(at), survey.y.push_back(pair.survey);
  }
  score.tint = html::Tint::sad;
  survey.tint = html::Tint::angry;
  survey.dashed = true;
  score.dots = survey.dots = true;
  const html::Axis when{v.table.dated ? "days from the first" : sessions.front()->when ? "time" : "session"};
  const auto chart = [&](const std::string& unit, std::vector<html::Series> series) {
    html::LineChart made{person, when, {unit}, std::move(series)};
    made.size = {500, 220};
    return html::chart(made);
  };
  if (v.settings.same_unit) return chart("points", {score, survey});
  return html::beside({chart(v.table.score, {score}), chart(v.table.survey, {survey})});
}

}  // namespace

html::Html scatter_chart(const Validation& v) {
  html::LineChart chart{
      "Survey over score, with the line and its 95 % band", {v.table.score}, {v.table.survey}, {}};
  if (v.repeats) chart.title = "Survey over score, all sessions of all persons";
  chart.size = {500, 400};
  chart.diagonal = v.settings.same_unit;
  Ends ends;
  for (const Pair& pair : v.table.pairs) ends.take(pair.score);
  html::Series line{"line", {}, {}};
  line.tint = html::Tint::angry;
  constexpr int kSteps = 40;
  for (int i = 0; i <= kSteps; ++i) {
    const double x = std::lerp(ends.low, ends.high, static_cast<double>(i) / kSteps);
    const stats::Interval band = v.line.mean_at(x);
    line.x.push_back(x), line.y.push_back(v.line.at(x));
    line.low.push_back(band.low), line.high.push_back(band.high);
  }
  chart.series.push_back(dots_of(
      v.table.pairs, dots_name(v, v.repeats ? "session" : "person"),
      [](const Pair& pair) { return pair.score; }, [](const Pair& pair) { return pair.survey; }));
  // A line through sessions that are not independent would have a band that says too much.
  if (!v.repeats) chart.series.push_back(std::move(line));
  return html::chart(chart);
}

html::Html difference_chart(const Validation& v) {
  html::LineChart chart{
      "Bland–Altman: how far the two lie apart", {"mean of both, points"}, {"score − survey, points"}, {}};
  chart.size = {500, 400};
  const auto mean = [](const Pair& pair) { return (pair.score + pair.survey) / 2; };
  Ends ends;
  for (const Pair& pair : v.table.pairs) ends.take(mean(pair));
  chart.series.push_back(dots_of(v.table.pairs, dots_name(v, v.repeats ? "session" : "person"), mean,
                                 [](const Pair& pair) { return pair.score - pair.survey; }));
  if (v.bland_altman) {
    chart.series.push_back(level("bias", ends, v.bland_altman->bias, html::Tint::angry));
    chart.series.push_back(level("upper limit", ends, v.bland_altman->upper, html::Tint::disgust));
    chart.series.push_back(level("lower limit", ends, v.bland_altman->lower, html::Tint::disgust));
  } else if (v.repeated && v.repeated->agreement) {
    chart.series.push_back(level("bias", ends, v.repeated->agreement->bias, html::Tint::angry));
    chart.series.push_back(level("upper limit", ends, v.repeated->agreement->upper, html::Tint::disgust));
    chart.series.push_back(level("lower limit", ends, v.repeated->agreement->lower, html::Tint::disgust));
  }
  return html::chart(chart);
}

html::Html trend_charts(const Validation& v) {
  if (!v.repeats) return {};
  std::vector<std::pair<std::string, std::vector<const Pair*>>> courses;  // persons as they first stand
  std::map<std::string_view, std::size_t> places;
  for (const Pair& pair : v.table.pairs) {
    const auto [own, added] = places.emplace(pair.person, courses.size());
    if (added) courses.push_back({pair.person, {}});
    courses[own->second].second.push_back(&pair);
  }
  std::erase_if(courses, [](const auto& course) { return course.second.size() < kLeastSessions; });
  html::Html out;
  std::vector<html::Html> charts;
  for (std::size_t i = 0; i < std::min(courses.size(), kMostTrends); ++i)
    charts.push_back(trend_of(courses[i].first, courses[i].second, v));
  if (!charts.empty()) out = v.settings.same_unit ? html::beside(charts) : html::Html{};
  if (!v.settings.same_unit) {
    for (const html::Html& chart : charts) out.markup += chart.markup;
  }
  if (courses.size() > kMostTrends)
    out.markup += html::paragraph("Drawn are the first " + std::to_string(kMostTrends) + " of " +
                                  std::to_string(courses.size()) + " persons with at least " +
                                  std::to_string(kLeastSessions) + " sessions.")
                      .markup;
  return out;
}

}  // namespace pyro::validity
