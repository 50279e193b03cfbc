// survey score and reliability: what a file of responses says.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "pyro/base/files.hpp"
#include "pyro/surveys/reliability.hpp"
#include "survey/parts.hpp"

namespace pyro::cli {
namespace {

struct ResponsesFlags {
  SurveyFlags common;
  std::string file, out;
};

struct Answered {
  surveys::Instrument instrument;
  std::vector<surveys::Response> responses;
};

Result<Answered> read_answered(const ResponsesFlags& flags) {
  const Result<std::string> id = surveys::instrument_of(flags.file);
  if (!id) return tl::make_unexpected(id.error());
  Result<surveys::Instrument> instrument = find_instrument(flags.common, *id);
  if (!instrument) return bad_input("'" + flags.file + "': " + instrument.error().message);
  Result<std::vector<surveys::Response>> responses = surveys::read_responses(flags.file, *instrument);
  if (!responses) return tl::make_unexpected(responses.error());
  return Answered{std::move(*instrument), std::move(*responses)};
}

int score_survey(const ResponsesFlags& flags) {
  const bool json = flags.common.json;
  const Result<Answered> answered = read_answered(flags);
  if (!answered) return report(answered.error(), json);
  std::string csv = surveys::scores_header();
  for (const surveys::Response& response : answered->responses) {
    const std::vector<surveys::ScaleScore> scores = surveys::score(answered->instrument, response);
    csv += surveys::score_lines(response, scores);
    if (json) {
      print_json(surveys::to_json(answered->instrument, response, scores));
    } else if (flags.out.empty()) {
      std::printf("%s, %s, %s\n", response.person.c_str(), utc_text(response.time).c_str(),
                  answered->instrument.title.c_str());
      print_scores(answered->instrument, scores);
    }
  }
  if (!flags.out.empty()) {
    if (const Status written = replace_file(flags.out, csv); !written) return report(written.error(), json);
    if (!json) std::printf("Scores of %zu responses: %s\n", answered->responses.size(), flags.out.c_str());
  }
  if (!json) std::printf("%s\n", surveys::kSurveyNotice);
  return 0;
}

void print_reliability(const surveys::Reliability& one) {
  std::printf("%s: %zu persons, %zu more with missing items\n", one.scale.c_str(), one.n, one.incomplete);
  std::printf("  alpha %.3f, 95 %% interval %.3f to %.3f (Feldt)\n", one.alpha.value, one.alpha.low,
              one.alpha.high);
  if (one.omega) {
    std::printf("  omega total %.3f (one factor, minimum residuals)%s\n", one.omega->value,
                one.omega->improper ? "; improper: a loading stopped at 1, so one factor does not fit" : "");
  } else {
    std::printf("  omega total: not determined by two items\n");
  }
  for (std::size_t i = 0; i < one.items.size(); ++i) {
    std::printf("  item %-3d mean %6.3f  sd %6.3f  item-rest r %6.3f", one.items[i].item, one.items[i].mean,
                one.items[i].sd, one.items[i].item_rest);
    if (one.omega) std::printf("  loading %6.3f", one.omega->loadings[i]);
    std::printf("%s\n", one.items[i].item_rest < 0 ? "  against the others: is it keyed rightly?" : "");
  }
}

int survey_reliability(const ResponsesFlags& flags) {
  const bool json = flags.common.json;
  const Result<Answered> answered = read_answered(flags);
  if (!answered) return report(answered.error(), json);
  const std::size_t persons = surveys::first_of_each(answered->responses).size();
  const std::size_t later = answered->responses.size() - persons;
  nlohmann::ordered_json scales = nlohmann::ordered_json::array();
  std::vector<surveys::Reliability> all;
  for (const surveys::Scale& scale : answered->instrument.scales) {
    if (scale.items.size() < 2) continue;
    Result<surveys::Reliability> one = surveys::reliability(answered->instrument, scale, answered->responses);
    if (!one) return report({one.error().code, "'" + flags.file + "', " + one.error().message, ""}, json);
    scales.push_back(surveys::to_json(*one));
    all.push_back(std::move(*one));
  }
  if (json) {
    print_json({{"instrument", answered->instrument.id},
                {"version", answered->instrument.version},
                {"responses", answered->responses.size()},
                {"persons", persons},
                {"later_responses_left_out", later},
                {"scales", scales}});
    return 0;
  }
  for (const surveys::Reliability& one : all) print_reliability(one);
  if (later > 0)
    std::printf("%zu later responses of the same persons were left out: they are not independent.\n", later);
  return 0;
}

}  // namespace

void add_survey_score(CLI::App& survey, Chosen& chosen) {
  CLI::App* verb =
      survey.add_subcommand("score", "Scores every response in a file, by scale, with its category");
  auto flags = std::make_shared<ResponsesFlags>();
  verb->add_option("FILE", flags->file, "Responses, as take and import keep them")->required();
  verb->add_option("--out", flags->out, "Write the scores as CSV, a row per response and scale")
      ->type_name("FILE");
  add_survey_flags(*verb, flags->common);
  verb->footer("Example: pyrometer survey score pss10.csv --out pss10_scores.csv");
  verb->callback([&chosen, flags] { chosen = [flags] { return score_survey(*flags); }; });
}

void add_survey_reliability(CLI::App& survey, Chosen& chosen) {
  CLI::App* verb = survey.add_subcommand(
      "reliability", "Cronbach's alpha, McDonald's omega and item-rest correlations of each scale");
  auto flags = std::make_shared<ResponsesFlags>();
  verb->add_option("FILE", flags->file, "Responses, as take and import keep them")->required();
  add_survey_flags(*verb, flags->common);
  verb->footer("Example: pyrometer survey reliability pss10.csv --json");
  verb->callback([&chosen, flags] { chosen = [flags] { return survey_reliability(*flags); }; });
}

}  // namespace pyro::cli
