#include <algorithm>
#include <cmath>

#include "pyro/explain/session_report.hpp"
#include "pyro/html/charts.hpp"
#include "pyro/html/table.hpp"

namespace pyro::explain {
namespace {

using html::Cell;

html::Tint part_tint(std::size_t part) {
  constexpr std::array kCues{html::Tint::muted, html::Tint::accent, html::Tint::good};
  return part < records::kClasses ? html::emotion_tint(static_cast<int>(part))
                                  : kCues[part - records::kClasses];
}

std::string part_name(std::size_t part) {
  return part == records::kClasses + 1 ? "blink duration" : std::string{kPartNames[part]};
}

std::string signed_text(double value) {
  const std::string text = html::fixed(value, 3);
  return value > 0 && text != "0.000" ? "+" + text : text;
}

// "minute", or what else a step is.
std::string step_word(const SessionSource& source) {
  const double length_s = source.length.count();
  return length_s == 60 ? "minute" : html::fixed(length_s, length_s == std::floor(length_s) ? 0 : 1) + " s";
}

// What the settings give no weight moves nothing and would only fill the legend.
bool weighs(std::size_t part, const score::ScoreSettings& settings) {
  if (part < records::kClasses) return score::expression_weights(settings)[part] != 0;
  return settings.profile == score::Profile::extended && settings.delta != 0;
}

using PartsOf = const Parts* (*)(const Step& step);

html::Html chart_of(const PersonStory& story, const SessionSource& source, const std::string& title,
                    const std::string& axis, PartsOf parts_of_step) {
  html::StackedChart chart{
      title,
      "from the start, " + std::string(source.length.count() * static_cast<double>(story.steps.size()) >= 3600
                                           ? "h:min:s"
                                           : "min:s"),
      {axis},
      {},
      {},
      {1040, 320}};
  for (const Step& step : story.steps) chart.categories.push_back(step_text(step, source));
  for (std::size_t i = 0; i < kParts; ++i) {
    if (!weighs(i, source.settings)) continue;
    html::BarSeries series{part_name(i), {}, {}, {}, part_tint(i)};
    for (const Step& step : story.steps) {
      const Parts* parts = parts_of_step(step);
      series.values.push_back(parts == nullptr ? std::nan("") : (*parts)[i]);
    }
    // A cue that never counted would only fill the legend.
    if (std::ranges::any_of(series.values, [](double value) { return std::abs(value) > 0; }))
      chart.series.push_back(std::move(series));
  }
  return html::chart(chart);
}

html::Html moves_table(const PersonStory& story, const SessionSource& source) {
  html::Table table{
      "", {"from", Cell::count(0), Cell::count(0), Cell::count(0), Cell::count(0), "moved most by"}, {}};
  const auto heading = [&](std::size_t column, const char* text) { table.header[column].text = text; };
  heading(1, "frames"), heading(2, "of these valid"), heading(3, "score S"), heading(4, "change");
  for (const Step& step : story.steps) {
    const Level& level = step.level;
    std::vector<Cell> row{step_text(step, source), Cell::count(level.frames)};
    row.push_back(level.frames > 0
                      ? Cell::percent(static_cast<double>(level.valid) / static_cast<double>(level.frames))
                      : Cell::value(std::nan(""), 0));
    row.push_back(Cell::value(level.score, 3));
    row.push_back(Cell::value(std::nan(""), 0));
    if (step.change) {
      row.back().text = signed_text(step.change->score);
      std::string movers = movers_text(step.change->score_parts);
      if (movers.empty()) movers = "nothing by 0.001 or more";
      if (&step - story.steps.data() != static_cast<std::ptrdiff_t>(step.change->since) + 1)
        movers += " (since " + step_text(story.steps[step.change->since], source) + ")";
      row.emplace_back(movers);
    } else {
      row.emplace_back(level.frames == 0 ? "not seen" : level.valid == 0 ? "no valid frame" : "first");
    }
    table.rows.push_back(std::move(row));
  }
  return html::table(table);
}

// Every part of every step, for who wants to add them up.
html::Html parts_table(const PersonStory& story, const SessionSource& source) {
  html::Table table{"What each part makes of the score S of each " + step_word(source) +
                        ", and of the whole session. Rows add up to S.",
                    {"from"},
                    {},
                    true};
  std::vector<std::size_t> shown;
  const auto add_heading = [&table](const std::string& text) {
    table.header.push_back(Cell::count(0));
    table.header.back().text = text;
  };
  for (std::size_t i = 0; i < kParts; ++i) {
    if (!weighs(i, source.settings)) continue;
    shown.push_back(i);
    add_heading(part_name(i));
  }
  for (const char* heading : {"score S", "volatility V", "S_final"}) add_heading(heading);
  const auto row = [&](const std::string& name, const Level& level) {
    std::vector<Cell> cells{name};
    for (const std::size_t i : shown) cells.push_back(Cell::value(level.score_parts[i], 4));
    for (const double value : {level.score, level.volatility, level.final_score})
      cells.push_back(Cell::value(value, 4));
    table.rows.push_back(std::move(cells));
  };
  for (const Step& step : story.steps) row(step_text(step, source), step.level);
  row("session", story.session);
  return html::table(table);
}

const Step* largest_change(const PersonStory& story) {
  const Step* largest = nullptr;
  double most = 0;
  for (const Step& step : story.steps) {
    if (!step.change) continue;
    if (const double size = std::abs(step.change->score); largest == nullptr || size > most) {
      largest = &step;
      most = size;
    }
  }
  return largest;
}

void add_person(html::Page& page, const PersonStory& story, const SessionSource& source) {
  const std::string number = std::to_string(story.face_id + 1), word = step_word(source);
  page.section("Person " + number, "person-" + number);
  const Level& session = story.session;
  const auto scored =
      std::ranges::count_if(story.steps, [](const Step& step) { return step.level.valid > 0; });
  page.add(html::tiles({{html::fixed(session.score, 3), "score S", "mean of the session"},
                        {html::fixed(session.final_score, 3), "S_final",
                         "with volatility " + html::fixed(session.volatility, 4)},
                        {html::grouped(session.valid), "valid frames",
                         "of " + html::grouped(session.frames) + " with this person"},
                        {html::grouped(scored), "steps with a score",
                         "of " + html::grouped(static_cast<long long>(story.steps.size())) + ", each " +
                             (word == "minute" ? "a minute" : word)}}));
  page.add(
      html::paragraph("The session's score is made of: " + movers_text(session.score_parts, kParts) + "."));
  const Step* largest = largest_change(story);
  if (largest != nullptr && largest->change) {
    const Change& change = *largest->change;
    page.add(html::paragraph("The largest change came at " + step_text(*largest, source) + ": " +
                             signed_text(change.score) + " against " +
                             step_text(story.steps[change.since], source) + ", by " +
                             movers_text(change.score_parts) + "."));
  }
  page.add(chart_of(story, source, "What the score is made of", "part of S", [](const Step& step) {
    return step.level.valid > 0 ? &step.level.score_parts : nullptr;
  }));
  if (largest == nullptr) {
    page.add(html::paragraph(
        "There is one step with a score only, so nothing to compare it with; a shorter --step shows more."));
  } else {
    page.add(chart_of(story, source, "What moved it since the step before", "change of S",
                      [](const Step& step) { return step.change ? &step.change->score_parts : nullptr; }));
    page.add(moves_table(story, source));
  }
  page.add(html::folded("All parts in figures", parts_table(story, source)));
}

}  // namespace

html::Page session_page(const std::vector<PersonStory>& stories, const SessionSource& source) {
  html::Page page("What moved the score",
                  source.name + " · " + (source.models.empty() ? "models not recorded" : source.models),
                  html::Shows::scores);
  const bool extended = source.settings.profile == score::Profile::extended;
  page.section("How to read this", "reading")
      .add(html::paragraph(
          std::string("The score of a frame is a sum: each expression's probability times its weight") +
          (extended ? ", and the fatigue cues times theirs" : "") +
          ". So the mean score of a step is the sum of what each part makes of it, and its change is the sum "
          "of their "
          "changes, with nothing left over. Parts above zero raise the score, parts below lower it; the "
          "black "
          "stroke is their sum."))
      .add(html::paragraph(
          "A grey field is a step without a single valid frame: it has no score, which is not a score of "
          "zero, and the next one is compared with the last before it. Below, the first step is grey too: it "
          "has nothing before it. Where few frames are valid, the score rests on few."))
      .add(html::paragraph(
          "Expressions sum to 1: when one rises, others fall. A part says what moved the number, not why "
          "the person looked so."))
      .add(html::verbatim(score::settings_text(source.settings)));
  std::string silent;
  for (const PersonStory& story : stories) {
    if (story.session.valid > 0) {
      add_person(page, story, source);
    } else {
      silent += (silent.empty() ? "" : ", ") + std::to_string(story.face_id + 1);
    }
  }
  if (!silent.empty())
    page.section("Without a score", "silent")
        .add(html::paragraph("No frame of these persons was valid: " + silent + "."));
  if (stories.empty()) page.add(html::warning("Nobody was seen in this session."));
  return page;
}

}  // namespace pyro::explain
