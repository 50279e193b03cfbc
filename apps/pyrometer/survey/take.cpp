// survey take: asks item by item, scores at once.
#include <charconv>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "pyro/base/clock.hpp"
#include "pyro/surveys/wording.hpp"
#include "server/survey_there.hpp"
#include "survey/parts.hpp"

namespace pyro::cli {
namespace {

struct TakeFlags {
  SurveyFlags common;
  std::string instrument, language, person, out;
  ServerFlags there;
};

// Asks on one stream of text and reads on another, so that a pipe can answer.
class Interview {
 public:
  Interview(const surveys::Instrument& instrument, const std::optional<surveys::Wording>& wording,
            std::FILE* screen)
      : instrument_(instrument),
        wording_(wording),
        screen_(screen),
        answers_(static_cast<std::size_t>(instrument.items)) {}

  // The answers; none: quit. Error (bad_input): the input ended before the last item.
  Result<std::optional<std::vector<std::optional<int>>>> run() {
    std::fprintf(screen_, "%s\n", instrument_.title.c_str());
    if (instrument_.unvalidated)
      std::fprintf(screen_, "Unvalidated: nobody has shown yet that it measures strain.\n");
    if (wording_ && !wording_->instruction.empty())
      std::fprintf(screen_, "%s\n", wording_->instruction.c_str());
    if (!wording_)
      std::fprintf(screen_, "Its wording is not here; have it before you, answer by number: %s\n",
                   instrument_.coding.c_str());
    if (wording_ && !wording_->answers.empty()) {
      for (std::size_t i = 0; i < wording_->answers.size(); ++i)
        std::fprintf(screen_, "  %d  %s\n", instrument_.answer_min + static_cast<int>(i),
                     wording_->answers[i].c_str());
    }
    std::fprintf(screen_, "%d to %d; s skips an item, b goes back, q quits without keeping anything.\n",
                 instrument_.answer_min, instrument_.answer_max);
    std::size_t item = 0;
    while (item < answers_.size()) {
      std::fprintf(screen_, "%zu/%zu %s: ", item + 1, answers_.size(), text_of(item).c_str());
      std::fflush(screen_);
      std::string line;
      if (!std::getline(std::cin, line))
        return bad_input("the input ended before item " + std::to_string(item + 1) +
                         " was answered; nothing was kept");
      if (!take(line, item)) return std::optional<std::vector<std::optional<int>>>{};
    }
    return std::optional(std::move(answers_));
  }

 private:
  [[nodiscard]] std::string text_of(std::size_t item) const {
    return wording_ ? wording_->items[item] : "Item " + std::to_string(item + 1);
  }

  // False: quit.
  bool take(std::string word, std::size_t& item) {
    while (!word.empty() && (word.back() == ' ' || word.back() == '\r')) word.pop_back();
    if (word == "q" || word == "quit") return false;
    if (word == "b" || word == "back") {
      item -= item > 0 ? 1 : 0;
    } else if (word == "s" || word == "skip") {
      answers_[item++].reset();
    } else {
      int answer = 0;
      const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), answer);
      if (error != std::errc{} || end != word.data() + word.size() || answer < instrument_.answer_min ||
          answer > instrument_.answer_max) {
        std::fprintf(screen_, "Please a whole number from %d to %d, or s, b, q.\n", instrument_.answer_min,
                     instrument_.answer_max);
      } else {
        answers_[item++] = answer;
      }
    }
    return true;
  }

  const surveys::Instrument& instrument_;
  const std::optional<surveys::Wording>& wording_;
  std::FILE* screen_;
  std::vector<std::optional<int>> answers_;
};

// The language that was asked for, else the only one there is.
Result<std::optional<surveys::Wording>> wording_for(const surveys::Instrument& instrument, TakeFlags& flags) {
  const std::vector<std::string> there = surveys::languages_of(flags.common.data, instrument);
  if (flags.language.empty()) {
    if (there.empty()) return std::optional<surveys::Wording>{};
    std::string list;
    for (const std::string& language : there) list += " " + language;
    if (there.size() > 1)
      return wrong_use("\"" + instrument.id + "\" is here in several languages; say by --language which of" +
                       list);
    flags.language = there.front();
  }
  if (const Status good = surveys::check_language(flags.language); !good)
    return tl::make_unexpected(good.error());
  Result<std::optional<surveys::Wording>> wording =
      surveys::find_wording(flags.common.data, instrument, flags.language);
  if (wording && !*wording)
    return wrong_use("there is no wording of \"" + instrument.id + "\" in \"" + flags.language +
                     "\" here; bring it in by pyrometer survey wording, or leave --language out");
  return wording;
}

int take_survey(TakeFlags flags) {
  const bool json = flags.common.json;
  Result<std::optional<client::Server>> opened = open_wanted(flags.there);
  if (!opened) return report(opened.error(), json);
  std::optional<client::Server>& server = *opened;
  if ((server || !flags.out.empty()) && flags.person.empty())
    return report({ErrorCode::wrong_use, "a response that is kept needs a person; name one by --person", ""},
                  json);
  const Result<surveys::Instrument> instrument =
      server ? instrument_there(*server, flags.instrument) : find_instrument(flags.common, flags.instrument);
  if (!instrument) return server ? report_there(instrument.error(), json) : report(instrument.error(), json);
  const Result<std::optional<surveys::Wording>> wording =
      server ? wording_there(*server, *instrument, flags.language) : wording_for(*instrument, flags);
  if (!wording) return report(wording.error(), json);
  // What is wrong with the file is said before somebody has answered everything.
  if (!flags.out.empty()) {
    if (const auto kept = kept_responses(flags.out, *instrument); !kept) return report(kept.error(), json);
  }
  std::string person_there;
  if (server) {
    Result<std::string> id = person_id(*server, flags.person);
    if (!id) return report_there(id.error(), json);
    person_there = std::move(*id);
  }
  Result<std::optional<std::vector<std::optional<int>>>> answers =
      Interview(*instrument, *wording, json ? stderr : stdout).run();
  if (!answers) return report(answers.error(), json);
  if (!*answers) {
    std::fprintf(stderr, "Nothing was kept.\n");
    return 0;
  }
  surveys::Response response{flags.person,        utc_now(),      instrument->id,
                             instrument->version, flags.language, std::move(**answers)};
  if (!flags.out.empty()) {
    if (const Status kept = append_responses(flags.out, *instrument, {response}); !kept)
      return report(kept.error(), json);
  }
  if (server) {
    surveys::Response sent = response;
    sent.person = person_there;
    const Result<nlohmann::json> rows = send_responses(*server, {sent}, false, json);
    if (!rows) return report_there(rows.error(), json);
    if (json) {
      print_row(rows->front(), true);
      return 0;
    }
  }
  const std::vector<surveys::ScaleScore> scores = surveys::score(*instrument, response);
  if (json) {
    print_json(surveys::to_json(*instrument, response, scores));
  } else {
    std::printf("\n");
    print_scores(*instrument, scores);
    if (!flags.out.empty()) std::printf("Kept in %s.\n", flags.out.c_str());
    if (server) std::printf("Kept at %s.\n", server->origin().c_str());
    std::printf("%s\n", surveys::kSurveyNotice);
  }
  return 0;
}

}  // namespace

void add_survey_take(CLI::App& survey, Chosen& chosen) {
  CLI::App* verb = survey.add_subcommand("take", "Asks a questionnaire item by item and scores it at once");
  auto flags = std::make_shared<TakeFlags>();
  verb->add_option("ID", flags->instrument, "Its id (see: pyrometer survey list)")->required();
  verb->add_option("--language", flags->language, "Wording in this language")->type_name("CODE");
  verb->add_option("--person", flags->person, "Who answers: a pseudonym; on a server an id as well")
      ->type_name("NAME");
  verb->add_option("--out", flags->out, "Keep the answers: a CSV that is begun or continued")
      ->type_name("FILE");
  add_survey_flags(*verb, flags->common, true);
  add_server_flags(*verb, flags->there);
  verb->footer(
      "Example: pyrometer survey take checkin --language en --person p1 --out checkin.csv\n"
      "Example: pyrometer survey take checkin --language en --person p1 --server "
      "https://pyrometer.example.org:8443");
  verb->callback([&chosen, flags] { chosen = [flags] { return take_survey(*flags); }; });
}

}  // namespace pyro::cli
