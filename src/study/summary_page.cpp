#include <algorithm>
#include <cmath>

#include "pyro/html/charts.hpp"
#include "pyro/html/table.hpp"
#include "pyro/study/summary.hpp"
#include "summary_words.hpp"

namespace pyro::study {
namespace {

using html::Cell;

Cell number_heading(const char* text) {
  Cell cell = Cell::count(0);
  cell.text = text;
  return cell;
}

html::Html score_chart(const SessionSummary& summary) {
  html::LineChart chart{"Score S by minute", {"minute"}, {"S"}, {}, {}, false, {1040, 280}};
  html::Series line{"S of the minute", {}, {}, {}, {}, html::Tint::accent, false, true};
  std::int64_t before = -1;
  for (const MinuteSummary& one : summary.minutes) {
    if (before >= 0 && one.minute > before + 1) {  // nobody there: the line breaks
      line.x.push_back(static_cast<double>(before) + 1.5);
      line.y.push_back(std::nan(""));
    }
    line.x.push_back(static_cast<double>(one.minute) + 0.5);
    line.y.push_back(one.score);
    if (one.stands_out)
      chart.marks.push_back({static_cast<double>(one.minute) + 0.5, minute_text(one.minute)});
    before = one.minute;
  }
  chart.series.push_back(std::move(line));
  return html::chart(chart);
}

html::Html fatigue_chart(const SessionSummary& summary) {
  html::LineChart chart{"Eyes closed by minute", {"minute"}, {"eyes closed, %"}, {}, {}, false, {640, 280}};
  html::LineChart blinks{"Blinks by minute", {"minute"}, {"blinks"}, {}, {}, false, {640, 280}};
  html::Series closed{"eyes closed", {}, {}, {}, {}, html::Tint::sad, false, true};
  html::Series count{"blinks", {}, {}, {}, {}, html::Tint::fear, false, true};
  for (const MinuteSummary& one : summary.minutes) {
    const double x = static_cast<double>(one.minute) + 0.5;
    closed.x.push_back(x), closed.y.push_back(100 * one.perclos);
    count.x.push_back(x), count.y.push_back(one.blinks);
  }
  chart.y.from = blinks.y.from = 0;
  chart.series.push_back(std::move(closed));
  blinks.series.push_back(std::move(count));
  return html::beside({html::chart(chart), html::chart(blinks)});
}

html::Html minutes_table(const SessionSummary& summary) {
  html::Table table{"",
                    {"from", number_heading("face read"), number_heading("score S"), "against the rest",
                     number_heading("facing"), number_heading("eyes open"), number_heading("expressive"),
                     number_heading("blinks")},
                    {}};
  for (const MinuteSummary& one : summary.minutes) {
    table.rows.push_back(
        {minute_text(one.minute), Cell::percent(one.valid_share, 0), Cell::value(one.score, 3),
         effect_text(one.impact) + (one.stands_out ? " · stands out" : ""), Cell::percent(one.facing, 0),
         Cell::percent(one.eyes_open, 0), Cell::percent(one.expressive, 0), Cell::value(one.blinks, 0)});
  }
  return html::table(table);
}

html::Html topic_chart(const TopicSummary& topic) {
  html::BarChart chart{topic.word, {"effect, sd"}, {}, {}, {}, {520, 280}};
  html::BarSeries bars{"against the rest of the session", {}, {}, {}, html::Tint::accent};
  for (std::size_t i = 0; i < kProfile; ++i) {
    chart.categories.push_back(i == 0 ? "S" : profile_name(i));
    chart.category_tints.push_back(i == 0 ? html::Tint::accent : html::emotion_tint(static_cast<int>(i) - 1));
    bars.values.push_back(topic.profile[i].effect);
    bars.low.push_back(topic.profile[i].low);
    bars.high.push_back(topic.profile[i].high);
  }
  chart.series.push_back(std::move(bars));
  return html::chart(chart);
}

bool says_nothing(const TopicSummary& topic) {
  return std::ranges::all_of(topic.profile,
                             [](const Difference& one) { return one.verdict == Verdict::too_little; });
}

html::Html topic_table(const SessionSummary& summary) {
  html::Table table{"",
                    {"topic", number_heading("seconds"), "what", number_heading("during"),
                     number_heading("elsewhere"), "effect (95 %)", "verdict"},
                    {}};
  for (const TopicSummary& topic : summary.topics) {
    if (says_nothing(topic)) {
      table.rows.push_back({topic.word, Cell::count(topic.profile[0].inside), "", "", "", "",
                            verdict_name(Verdict::too_little)});
      continue;
    }
    for (std::size_t i = 0; i < kProfile; ++i) {
      const Difference& one = topic.profile[i];
      table.rows.push_back(
          {i == 0 ? topic.word : "", Cell::count(one.inside), profile_name(i),
           Cell::value(one.mean_inside, 3), Cell::value(one.mean_outside, 3), effect_text(one),
           topic.stands_out[i] ? "stands out: " + verdict_name(one.verdict) : verdict_name(one.verdict)});
    }
  }
  return html::table(table);
}

void add_topics(html::Page& page, const SessionSummary& summary) {
  page.section("Topics", "topics");
  if (summary.topics.empty()) {
    page.add(html::paragraph("No keywords were noted in this session."));
    return;
  }
  page.add(html::paragraph(
      "Each topic's seconds against the rest of this session. An effect of 1 sd is one standard deviation of "
      "the second-to-second values. The intervals count that a second resembles its neighbours; \"stands "
      "out\" "
      "also counts how many topics and expressions were looked at, which \"higher\" and \"lower\" alone do "
      "not."));
  std::vector<html::Html> charts;
  for (const TopicSummary& topic : summary.topics) {
    if (!says_nothing(topic)) charts.push_back(topic_chart(topic));
  }
  if (!charts.empty()) page.add(html::beside(charts));
  page.add(topic_table(summary));
}

void add_quality(html::Page& page, const SessionSummary& summary) {
  const SessionFacts& facts = summary.facts;
  html::Table table{"", {"data quality", number_heading("")}, {}};
  const auto row = [&table](const std::string& what, const Cell& value) {
    table.rows.push_back({what, value});
  };
  row("frames", Cell::count(facts.frames));
  row("of these with a readable face", Cell::count(facts.valid));
  for (const auto& [reason, count] : facts.gap_reasons) {
    std::string word = reason;
    std::ranges::replace(word, '_', ' ');
    row("not read: " + word, Cell::count(count));
  }
  row("gaps of more than 1 s", Cell::count(facts.gaps));
  row("longest gap, s", Cell::value(facts.longest_gap_s, 1));
  row("frames a second", Cell::value(summary.frames_per_s, 1));
  row("height of the face, px (median)", Cell::value(summary.all.signals[cue("size_px")].q50, 0));
  row("brightness of the face, 0..1 (median)", Cell::value(summary.all.signals[cue("brightness")].q50, 2));
  page.section("Data quality: " + quality_word(summary), "quality").add(html::table(table));
  page.add(html::paragraph("good: the face was read in at least 90 % of the frames; fair: 70 %; else poor."));
}

}  // namespace

html::Page summary_page(const SessionSummary& summary) {
  const SessionFacts& facts = summary.facts;
  html::Page page("Summary of a session",
                  summary.title + " · person " + std::to_string(facts.face_id + 1) +
                      (facts.start ? " · " + utc_text(*facts.start).substr(0, 16) + " UTC" : "") + " · " +
                      duration_text(facts.duration_s) + " · " +
                      (facts.models.empty() ? "models not recorded" : facts.models),
                  html::Shows::scores);
  page.section("In short", "short");
  if (facts.simulated) page.add(html::warning("This session is simulated: nobody was recorded."));
  page.add(html::tiles(
      {{html::fixed(summary.all.index, 1), "index, 0 to 100",
        "mean score S " + html::fixed(summary.all.score, 3) + ", its variance V " +
            html::fixed(summary.all.volatility, 3)},
       {percent(summary.all.valid_share), "face read", quality_word(summary)},
       {percent(summary.engagement.facing), "facing the camera", "of the seconds with a head pose"},
       {html::fixed(summary.all.blink_rate_per_min, 1), "blinks a minute",
        "eyes closed " + html::fixed(100 * summary.all.perclos, 1) + " % of the time"}}));
  for (const std::string& finding : findings(summary)) page.add(html::paragraph(finding));

  page.section("Minutes", "minutes");
  const bool course = summary.minutes.size() > 1;
  if (summary.all.scored > 0 && course) page.add(score_chart(summary));
  std::string order;
  for (const MinuteSummary* one : strongest(summary, 5))
    order += (order.empty() ? "" : ", ") + minute_text(one->minute) + " " + effect_text(one->impact);
  page.add(html::paragraph(order.empty()
                               ? "Minutes of highest impact: too little to say."
                               : "Minutes of highest impact, the largest effect first: " + order + "."));
  page.add(minutes_table(summary));

  add_topics(page, summary);

  page.section("Engagement", "engagement")
      .add(html::tiles({{percent(summary.engagement.seen), "seen", "frames with a readable face"},
                        {percent(summary.engagement.facing), "facing the camera", "head within 20°"},
                        {percent(summary.engagement.eyes_open), "eyes open", "of the read frames"},
                        {percent(summary.engagement.expressive), "expressive", "mean of 1 - p(neutral)"}}))
      .add(html::paragraph(
          "Four shares, kept apart. Where a head points is not what somebody thinks, and a still face may "
          "listen: none of these has been validated against anybody's own report."));

  page.section("Course of fatigue", "fatigue");
  if (course) page.add(fatigue_chart(summary));
  page.add(html::paragraph(
      "Eyes closed, last third of the session against the first: " + effect_text(summary.fatigue) + ", " +
      verdict_name(summary.fatigue.verdict) + ". Yawns: " + std::to_string(facts.yawns) + "."));
  add_quality(page, summary);
  page.add(html::verbatim(facts.settings));
  return page;
}

}  // namespace pyro::study
