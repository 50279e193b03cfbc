#include <algorithm>
#include <cmath>

#include "page_pictures.hpp"
#include "pyro/datasets/evaluation.hpp"
#include "pyro/html/charts.hpp"
#include "pyro/html/table.hpp"
#include "words.hpp"

namespace pyro::datasets {
namespace {

using html::Cell;

// "66.5 to 69.5 %"
std::string range(const Interval& interval) {
  if (!std::isfinite(interval.low)) return "–";
  return html::fixed(100 * interval.low, 1) + " to " + html::fixed(100 * interval.high, 1) + " %";
}

std::string cell_id(std::size_t truth, std::size_t said) {
  return class_name(truth) + "-as-" + class_name(said);
}

std::string p_value(double p) {
  return p < 0.001 ? "below 0.001" : html::fixed(p, 3);
}

std::string subtitle_of(const Evaluation& evaluation) {
  const Protocol& protocol = evaluation.protocol;
  return html::grouped(evaluation.figures.n) + (protocol.cropped ? " cropped faces" : " whole pictures") +
         " of " + protocol.set +
         (protocol.from_file ? ", predictions read from a file" : ", head " + protocol.head);
}

html::Html protocol_table(const Evaluation& evaluation) {
  const Protocol& protocol = evaluation.protocol;
  html::Table table{"", {"protocol", ""}, {}};
  table.rows.push_back({protocol.from_file ? "predictions" : "model", protocol.model});
  table.rows.push_back({"truth", protocol.truth == "votes"
                                     ? "majority of the FER+ votes over the seven classes; " +
                                           html::grouped(protocol.ties_left_out) +
                                           " pictures without one left out"
                                     : "the set's labels"});
  table.rows.push_back({"faces", protocol.cropped
                                     ? "cropped already; nothing is detected"
                                     : "detected; a face that is not found or not usable is an error"});
  table.rows.push_back({"twins", protocol.twins_of.empty()
                                     ? "not looked for"
                                     : html::grouped(protocol.twins_left_out) +
                                           " pictures left out that are pixel for pixel in " +
                                           protocol.twins_of});
  table.rows.push_back({"intervals", "95 %, percentile bootstrap over pictures, " +
                                         html::grouped(kResamples) + " resamples, seed " +
                                         std::to_string(protocol.seed)});
  if (evaluation.latency) {
    table.rows.push_back({"time", "median " + html::fixed(evaluation.latency->median_ms, 2) +
                                      " ms, 95th percentile " + html::fixed(evaluation.latency->p95_ms, 2) +
                                      " ms " +
                                      (protocol.cropped ? "a face (the expression network)"
                                                        : "a picture (detector, mesh and network)")});
  }
  return html::table(table);
}

void add_overview(html::Page& page, const Evaluation& evaluation) {
  page.section("Overview", "overview");
  const Figures& figures = evaluation.figures;
  const Intervals& intervals = evaluation.intervals;
  std::vector<html::Tile> tiles{
      {percent(figures.accuracy), "accuracy", range(intervals.accuracy)},
      {percent(figures.balanced_accuracy), "balanced accuracy", range(intervals.balanced_accuracy)},
      {html::fixed(figures.macro_f1, 3), "macro F1",
       html::fixed(intervals.macro_f1.low, 3) + " to " + html::fixed(intervals.macro_f1.high, 3)},
      {html::grouped(figures.n), "pictures"}};
  if (!evaluation.missed.empty()) {
    std::int64_t missed = 0;
    for (const auto& [why, count] : evaluation.missed) missed += count;
    tiles.push_back({html::grouped(missed), "faces missed", "counted as errors", html::Tint::warning});
  }
  if (evaluation.calibration) {
    tiles.push_back({html::fixed(evaluation.calibration->ece, 3), "calibration error",
                     evaluation.scaling
                         ? html::fixed(evaluation.scaling->after.ece, 3) + " with temperature " +
                               html::fixed(evaluation.scaling->temperature, 2)
                         : "ECE, 15 bins"});
  }
  page.add(html::tiles(tiles));
  for (const std::string& warning : evaluation.warnings) page.add(html::warning(warning));
  page.add(protocol_table(evaluation));
}

void add_classes(html::Page& page, const Evaluation& evaluation) {
  page.section("By class", "classes");
  html::Table table{"", {"class", "pictures", "called so", "precision", "recall", "95 % interval", "F1"}, {}};
  html::BarChart chart{
      "Recall, 95 % intervals", {"recall, %", false, 0, 100}, {}, {{"recall", {}, {}, {}}}, {}, {520, 300}};
  html::BarSeries& bars = chart.series.front();
  for (std::size_t c = 0; c < evaluation.classes.size(); ++c) {
    const ClassFigures& figures = evaluation.classes[c];
    const Interval& interval = evaluation.intervals.recall[c];
    table.rows.push_back({class_name(c), Cell::count(figures.support), Cell::count(figures.predicted),
                          Cell::percent(figures.precision), Cell::percent(figures.recall), range(interval),
                          Cell::value(figures.f1, 3)});
    chart.categories.push_back(class_name(c));
    chart.category_tints.push_back(html::emotion_tint(static_cast<int>(c)));
    bars.values.push_back(100 * figures.recall);
    bars.low.push_back(100 * interval.low);
    bars.high.push_back(100 * interval.high);
  }
  page.add(html::beside({html::table(table), html::chart(chart)}));
}

void add_confusion(html::Page& page, const Evaluation& evaluation) {
  page.section("Confusion matrix", "confusion")
      .add(html::paragraph(
          "Rows are the truth, columns what was said; the share is that of the row. A cell leads to "
          "its pictures."));
  html::Matrix matrix;
  matrix.caption = "";
  for (std::size_t truth = 0; truth < records::kClasses; ++truth) {
    matrix.rows.push_back(class_name(truth));
    matrix.columns.push_back(class_name(truth));
    matrix.counts.emplace_back();
    matrix.links.emplace_back();
    long long found = 0;
    for (std::size_t said = 0; said < records::kClasses; ++said) {
      const int count = evaluation.figures.confusion[truth][said];
      found += count;
      matrix.counts.back().push_back(count);
      matrix.links.back().push_back(count > 0 ? "#" + cell_id(truth, said) : "");
    }
    if (evaluation.missed.empty()) continue;
    const long long missed = evaluation.classes[truth].support - found;
    matrix.counts.back().push_back(missed);
    matrix.links.back().push_back(missed > 0 ? "#missed" : "");
  }
  if (!evaluation.missed.empty()) matrix.columns.emplace_back("no face");
  page.add(html::matrix(matrix));
}

html::Series reliability(const std::string& name, const Calibration& calibration, html::Tint tint) {
  html::Series series{name, {}, {}, {}, {}, tint};
  series.dots = true;
  for (const CalibrationBin& bin : calibration.bins) {
    if (bin.n == 0) continue;
    series.x.push_back(bin.confidence);
    series.y.push_back(bin.accuracy);
  }
  return series;
}

void add_calibration(html::Page& page, const Evaluation& evaluation) {
  if (!evaluation.calibration) return;
  const Calibration& now = *evaluation.calibration;
  page.section("Calibration", "calibration");
  page.add(
      html::paragraph("Does 0.8 mean right in 8 of 10? Pictures are put into 15 bins by the largest "
                      "probability. On the diagonal the "
                      "model is as often right as it says, below it is too sure. The calibration error (ECE) "
                      "is the mean distance, "
                      "weighted by pictures."));
  html::LineChart plot{"Reliability",
                       {"mean confidence of the bin, probability", false, 0, 1},
                       {"share that is right", false, 0, 1},
                       {reliability("as the model says", now, html::Tint::accent)},
                       {},
                       true,
                       {480, 400}};
  html::BarChart sizes{"Pictures by confidence", {"pictures"}, {}, {{"pictures", {}}}, {}, {480, 400}};
  html::Table table{
      "", {"", "pictures", "ECE", "mean confidence", "accuracy", "−log p(truth), nats", "Brier score"}, {}};
  const auto row = [&](const std::string& name, const Calibration& one) {
    table.rows.push_back({name, Cell::count(one.n), Cell::value(one.ece, 4), Cell::value(one.confidence, 3),
                          Cell::value(one.accuracy, 3), Cell::value(one.nll, 3), Cell::value(one.brier, 3)});
  };
  row("as the model says", now);
  for (std::size_t i = 0; i < now.bins.size(); ++i) {
    sizes.categories.push_back(i % 3 == 2 ? html::fixed(static_cast<double>(i + 1) / kCalibrationBins, 1)
                                          : " ");
    sizes.series.front().values.push_back(now.bins[i].n);
  }
  if (const auto& scaling = evaluation.scaling) {
    const std::string name = "temperature " + html::fixed(scaling->temperature, 3);
    plot.series.push_back(reliability(name, scaling->after, html::Tint::happy));
    row(name, scaling->after);
  }
  page.add(html::table(table));
  if (const auto& scaling = evaluation.scaling) {
    page.add(html::paragraph(
        "The temperature was fitted on " + html::grouped(scaling->n) + " answers to " + scaling->fitted_on +
        ", which shares no picture with the judged set; it changes no label. It is honest only if "
        "the model did not learn from those pictures either."));
  }
  page.add(html::beside({html::chart(plot), html::chart(sizes)}));
}

void add_rival(html::Page& page, const Evaluation& evaluation) {
  if (!evaluation.rival) return;
  const Rival& rival = *evaluation.rival;
  const McNemar& test = rival.test;
  page.section("Against " + rival.name, "against");
  html::Table table{"", {"", "accuracy", "balanced accuracy", "macro F1", "only this one right"}, {}};
  const auto row = [&](const std::string& name, const Figures& figures, int alone) {
    table.rows.push_back({name, Cell::percent(figures.accuracy), Cell::percent(figures.balanced_accuracy),
                          Cell::value(figures.macro_f1, 3), Cell::count(alone)});
  };
  row(evaluation.protocol.model, evaluation.figures, test.only_first);
  row(rival.name, rival.figures, test.only_second);
  page.add(html::table(table));
  const std::string said = test.exact ? "exact binomial test on " +
                                            std::to_string(test.only_first + test.only_second) +
                                            " pictures that only one has right"
                                      : "chi² with continuity correction " + html::fixed(test.chi2, 2);
  page.add(html::paragraph("Difference in accuracy " + html::fixed(100 * rival.difference.value, 2) +
                           " points (95 % interval " + html::fixed(100 * rival.difference.interval.low, 2) +
                           " to " + html::fixed(100 * rival.difference.interval.high, 2) +
                           ", paired bootstrap). McNemar's test: p " + p_value(test.p) + " (" + said + "). " +
                           (test.p < 0.05 ? "They differ by more than chance alone would give."
                                          : "Chance alone could give such a difference.")));
}

// The pictures of one cell, the surest first; where nothing is told of that, in their order.
html::Html cell_pictures(const std::vector<Item>& items, const std::vector<Prediction>& predictions,
                         std::vector<std::size_t> members, int most) {
  const auto sureness = [&](std::size_t i) {
    const Prediction& one = predictions[i];
    return one.said.known() ? one.said.p[static_cast<std::size_t>(one.label)] : 0.0F;
  };
  std::ranges::stable_sort(members, std::greater{}, sureness);
  members.resize(std::min(members.size(), static_cast<std::size_t>(most)));
  std::vector<html::Picture> pictures;
  for (const std::size_t i : members) {
    html::Picture picture = picture_of(items[i], false);
    picture.badge =
        predictions[i].label == kMissed ? class_name(static_cast<std::size_t>(items[i].label)) : "";
    if (predictions[i].said.known()) picture.caption = html::fixed(sureness(i), 2) + " " + picture.caption;
    if (predictions[i].label == kMissed && !predictions[i].missed_because.empty())
      picture.caption = predictions[i].missed_because + " " + picture.caption;
    pictures.push_back(std::move(picture));
  }
  return html::picture_grid(pictures, 72);
}

void add_pictures(html::Page& page, const std::vector<Item>& items,
                  const std::vector<Prediction>& predictions, int most) {
  if (most <= 0) return;
  page.section("Pictures", "pictures")
      .add(html::paragraph(
          "At most " + std::to_string(most) +
          " of each cell, those first of which the model was surest; the number is its probability."));
  std::array<std::array<std::vector<std::size_t>, records::kClasses + 1>, records::kClasses> cells;
  std::vector<std::size_t> missed;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (predictions[i].label == kMissed) {
      missed.push_back(i);
    } else {
      cells[static_cast<std::size_t>(items[i].label)][static_cast<std::size_t>(predictions[i].label)]
          .push_back(i);
    }
  }
  const auto add = [&](const std::string& title, const std::string& id,
                       const std::vector<std::size_t>& members) {
    if (members.empty()) return;
    // The anchor lies inside: a browser that is led there opens what is folded around it.
    html::Html inside = html::subheading(title, id);
    inside.markup += cell_pictures(items, predictions, members, most).markup;
    page.add(html::folded(title + " · " + html::grouped(static_cast<long long>(members.size())), inside));
  };
  for (std::size_t truth = 0; truth < records::kClasses; ++truth) {
    page.add(html::subheading("truth: " + class_name(truth)));
    for (std::size_t said = 0; said < records::kClasses; ++said)
      add(class_name(truth) + (said == truth ? ", said so" : ", said " + class_name(said)),
          cell_id(truth, said), cells[truth][said]);
  }
  if (missed.empty()) return;
  page.add(html::subheading("no usable face"));
  add("no usable face", "missed", missed);
}

void add_missed(html::Page& page, const Evaluation& evaluation) {
  if (evaluation.missed.empty()) return;
  page.section("Faces missed");
  html::Table table{"", {"why", "pictures", "share"}, {}};
  for (const auto& [why, count] : evaluation.missed)
    table.rows.push_back({why, Cell::count(count),
                          Cell::percent(static_cast<double>(count) / std::max(1, evaluation.figures.n))});
  page.add(html::paragraph("Counted as errors of their class in every figure above."));
  page.add(html::table(table));
}

}  // namespace

html::Page evaluation_page(const Evaluation& evaluation, const std::vector<Item>& items,
                           const std::vector<Prediction>& predictions, int most) {
  const std::filesystem::path model = evaluation.protocol.model;
  html::Page page("How well " + model.filename().string() + " reads faces", subtitle_of(evaluation),
                  html::Shows::scores);
  add_overview(page, evaluation);
  add_classes(page, evaluation);
  add_confusion(page, evaluation);
  add_missed(page, evaluation);
  add_calibration(page, evaluation);
  add_rival(page, evaluation);
  add_pictures(page, items, predictions, most);
  return page;
}

}  // namespace pyro::datasets
