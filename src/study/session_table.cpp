#include "pyro/study/session_table.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <map>
#include <set>
#include <thread>

#include "pyro/base/csv_text.hpp"
#include "pyro/report/output_file.hpp"
#include "text.hpp"

namespace pyro::study {
namespace {

// The answers of one instrument, and the columns that they fill.
class SurveyAnswers {
 public:
  static Result<SurveyAnswers> of(const std::vector<SurveyScore>& scores, const std::string& instrument) {
    SurveyAnswers answers(instrument);
    for (const SurveyScore& score : scores) {
      if (score.instrument != instrument) continue;
      answers.scales_.insert(score.scale);
      answers.by_person_[score.person][score.time][score.scale] = {score.score,
                                                                   score.percent.value_or(std::nan(""))};
    }
    if (answers.scales_.empty())
      return bad_input("the study has no answers of '" + instrument +
                       "'; add them by `pyrometer study surveys`, or leave --survey out");
    return answers;
  }

  [[nodiscard]] std::string header() const {
    std::string text;
    for (const std::string& scale : scales_) {
      for (const char* what : {"", "_percent"})
        append_csv_text(text += ',', column_of(instrument_, scale) + what);
    }
    append_csv_text(text += ',', column_of(instrument_, "days"));
    return text;
  }

  // Empty cells where nobody answered in time.
  void append(std::string& row, const StudySession& session, double within_days) const {
    const std::map<std::string, Points>* nearest = nullptr;
    double days = std::nan("");
    const auto own = by_person_.find(session.person);
    if (own != by_person_.end() && session.start) {
      for (const auto& [time, scores] : own->second) {
        const double away = std::chrono::duration<double, std::ratio<86400>>(time - *session.start).count();
        if (std::abs(away) > within_days || (nearest != nullptr && std::abs(away) >= std::abs(days)))
          continue;
        nearest = &scores;
        days = away;
      }
    }
    for (const std::string& scale : scales_) {
      const bool known = nearest != nullptr && nearest->contains(scale);
      const Points points = known ? nearest->at(scale) : Points{};
      append_cell(row += ',', points.score);
      append_cell(row += ',', points.percent);
    }
    append_cell(row += ',', days);
  }

 private:
  struct Points {
    double score = std::nan(""), percent = std::nan("");
  };
  using Answers = std::map<UtcTime, std::map<std::string, Points>>;
  explicit SurveyAnswers(std::string instrument) : instrument_(std::move(instrument)) {}

  std::string instrument_;
  std::set<std::string> scales_;
  std::map<std::string, Answers> by_person_;
};

std::string header() {
  std::string text =
      "session,person,start_utc,local_start,local_day,zone,baseline,layout,simulated,duration_s,frames,rows,"
      "valid,valid_share,gaps,gap_s,longest_gap_s,scored,score,volatility,score_final,index,min_score,"
      "max_score,blinks,blink_rate_per_min,perclos_session,yawns,nods,models,settings";
  for (std::size_t i = 0; i < kSignals; ++i) {
    for (const char* what : {"_mean", "_sd", "_q05", "_q50", "_q95"}) text += "," + signal_name(i) + what;
  }
  return text + "\n";
}

std::string row_of(const StudySession& session, const SessionSeconds& seconds,
                   const score::ScoreSettings& settings) {
  const SessionFacts& facts = seconds.facts;
  const SessionAggregate all = aggregate(seconds, settings);
  std::string row;
  const auto add = [&row](const auto& value) {
    append_cell(row, value);
    row += ',';
  };
  add(session.id), add(session.person);
  add(session.start ? utc_text(*session.start) : "");
  add(session.start ? session.zone.text_of(*session.start) : "");
  add(session.start ? day_text(session.zone.day_of(*session.start)) : "");
  add(session.zone.name()), add(std::int64_t{session.baseline}), add(session.layout);
  add(std::int64_t{facts.simulated});
  add(facts.duration_s), add(facts.frames), add(facts.rows), add(facts.valid), add(all.valid_share);
  add(facts.gaps), add(facts.gap_s), add(facts.longest_gap_s);
  add(all.scored), add(all.score), add(all.volatility), add(all.score_final), add(all.index);
  add(all.min_score), add(all.max_score);
  add(facts.blinks), add(all.blink_rate_per_min), add(all.perclos), add(facts.yawns), add(facts.nods);
  add(facts.models), add(facts.settings);
  for (const SignalSummary& signal : all.signals) {
    add(signal.mean), add(signal.deviation), add(signal.q05), add(signal.q50), add(signal.q95);
  }
  row.back() = '\n';
  return row;
}

struct RowResult {
  std::string row;
  std::string models;
  bool scored = false;
  std::int64_t seconds = 0;
  std::optional<Error> error;
};

}  // namespace

std::string column_of(const std::string& instrument, const std::string& scale) {
  return "survey_" + instrument + "_" + scale;
}

Result<TableResult> write_session_table(const Study& study, const std::filesystem::path& csv, int threads,
                                        const SurveyColumns& surveys) {
  std::vector<SurveyAnswers> answers;
  std::string names = header();
  if (!surveys.instruments.empty()) {
    const Result<std::vector<SurveyScore>> scores = study.surveys();
    if (!scores) return tl::make_unexpected(scores.error());
    names.pop_back();
    for (const std::string& instrument : surveys.instruments) {
      Result<SurveyAnswers> of = SurveyAnswers::of(*scores, instrument);
      if (!of) return tl::make_unexpected(of.error());
      names += of->header();
      answers.push_back(std::move(*of));
    }
    names += '\n';
  }
  Result<report::OutputFile> file = report::OutputFile::create(csv);
  if (!file) return tl::make_unexpected(file.error());
  if (const Status written = file->write(names); !written) return tl::make_unexpected(written.error());

  const auto& sessions = study.sessions();
  constexpr std::size_t kBatch = 64;
  std::vector<RowResult> rows(kBatch);
  TableResult result;
  std::map<std::string, std::int64_t> models;
  std::int64_t without_score = 0;
  std::vector<SessionSeconds> memory(static_cast<std::size_t>(std::max(threads, 1)));
  for (std::size_t from = 0; from < sessions.size(); from += kBatch) {
    const std::size_t to = std::min(from + kBatch, sessions.size());
    std::atomic<std::size_t> next{from};
    const auto work = [&](SessionSeconds& seconds) {
      for (std::size_t i = next++; i < to; i = next++) {
        RowResult& row = rows[i - from];
        row.error.reset();
        const Status read = read_seconds(study.seconds_file(sessions[i]), seconds);
        if (!read) {
          row.error = read.error();
          continue;
        }
        row.row = row_of(sessions[i], seconds, study.settings().score);
        if (!answers.empty()) {
          row.row.pop_back();
          for (const SurveyAnswers& one : answers) one.append(row.row, sessions[i], surveys.within_days);
          row.row += '\n';
        }
        row.models = seconds.facts.models;
        row.scored = std::ranges::any_of(seconds.score, [](const ScoreSecond& one) { return one.count > 0; });
        row.seconds = static_cast<std::int64_t>(seconds.size());
      }
    };
    {
      std::vector<std::jthread> others;
      for (std::size_t i = 1; i < memory.size(); ++i)
        others.emplace_back([&work, &memory, i] { work(memory[i]); });
      work(memory.front());
    }
    for (std::size_t i = from; i < to; ++i) {
      const RowResult& row = rows[i - from];
      if (row.error)
        return fail(row.error->code, "session " + sessions[i].id + ": " + row.error->message,
                    row.error->context);
      if (const Status written = file->write(row.row); !written) return tl::make_unexpected(written.error());
      ++result.sessions;
      result.seconds += row.seconds;
      row.scored ? void(++models[row.models]) : void(++without_score);
    }
  }
  if (const Status closed = file->close(); !closed) return tl::make_unexpected(closed.error());
  if (study.settings().simulated)
    result.warnings.emplace_back(
        "these sessions are simulated: they say how the methods behave, nothing of people");
  if (models.size() > 1) {
    std::string text = "scores of different models cannot be compared:";
    for (const auto& [name, count] : models)
      text += " " + std::to_string(count) + " by " + (name.empty() ? "unknown models" : name) + ";";
    text.back() = '.';
    result.warnings.push_back(text);
  }
  if (without_score > 0)
    result.warnings.push_back(std::to_string(without_score) +
                              " sessions have no expressions and so no score");
  return result;
}

}  // namespace pyro::study
