#include <cstdio>
#include <iterator>
#include <map>

#include "fhir/fhir.hpp"
#include "pyro/base/files.hpp"
#include "pyro/base/notice.hpp"
#include "pyro/fhir/bundle.hpp"

namespace pyro::cli {
namespace {

struct FhirFlags {
  std::string run, person, consent, out;
  std::vector<std::string> surveys;
  std::optional<std::int64_t> face_id;
  bool json = false;
};

Result<fhir::Export> gather(const FhirFlags& flags) {
  fhir::Export what;
  what.person = flags.person;
  if (Status good = fhir::check_person(flags.person); !good) return tl::make_unexpected(good.error());
  Result<fhir::Session> session = fhir::read_session(flags.run, flags.face_id);
  if (!session) return tl::make_unexpected(session.error());
  what.session = std::move(*session);
  for (const std::string& file : flags.surveys) {
    Result<fhir::Surveys> surveys = fhir::read_surveys(file, flags.person);
    if (!surveys) return tl::make_unexpected(surveys.error());
    std::move(surveys->responses.begin(), surveys->responses.end(),
              std::back_inserter(what.surveys.responses));
    std::move(surveys->scores.begin(), surveys->scores.end(), std::back_inserter(what.surveys.scores));
  }
  if (!flags.consent.empty()) {
    Result<fhir::Consent> consent = fhir::read_consent(flags.consent);
    if (!consent) return tl::make_unexpected(consent.error());
    what.consent = std::move(*consent);
  }
  return what;
}

int export_fhir(const FhirFlags& flags) {
  const Result<fhir::Export> what = gather(flags);
  if (!what) return report(what.error(), flags.json);
  const Result<nlohmann::ordered_json> bundle = fhir::bundle_of(*what);
  if (!bundle) return report(bundle.error(), flags.json);
  const std::string text = bundle->dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  if (Status written = replace_file(flags.out, text); !written) return report(written.error(), flags.json);
  std::map<std::string, int> counts;
  for (const auto& entry : bundle->at("entry"))
    ++counts[entry["resource"]["resourceType"].get<std::string>()];
  if (flags.json) {
    std::printf("%s\n", nlohmann::json{{"out", flags.out}, {"bytes", text.size()}, {"resources", counts}}
                            .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
                            .c_str());
    return 0;
  }
  std::printf("%s:", flags.out.c_str());
  for (const auto& [type, count] : counts) std::printf(" %d %s", count, type.c_str());
  std::printf("\n%s\n", kNotice);
  return 0;
}

}  // namespace

void add_export_fhir(CLI::App& verb, Chosen& chosen) {
  CLI::App* fhir = verb.add_subcommand(
      "fhir", "A session, and questionnaires and consent with it, as a Bundle of HL7 FHIR R4");
  auto flags = std::make_shared<FhirFlags>();
  fhir->add_option("RUN", flags->run, "A run's folder, as analyze writes it")->required();
  fhir->add_option("--person", flags->person, "The person's pseudonym, never a name")->required();
  fhir->add_option("--face-id", flags->face_id, "Who of the run it is, as in its session.csv");
  fhir->add_option(
          "--survey", flags->surveys,
          "Responses or scores of a questionnaire, as pyrometer survey writes them; of this person's "
          "rows; may be given again")
      ->type_name("CSV");
  fhir->add_option("--consent", flags->consent,
                   "The person's consent (docs/fhir.md); nothing is exported that it does not cover")
      ->type_name("FILE");
  fhir->add_option("--out", flags->out, "The Bundle's file")->type_name("FILE")->required();
  fhir->add_flag("--json", flags->json, "One line of JSON");
  fhir->footer(
      "Example: pyrometer export fhir results/ --person P017 --survey responses.csv --consent consent.json "
      "--out bundle.json");
  fhir->callback([&chosen, flags] { chosen = [flags] { return export_fhir(*flags); }; });
}

}  // namespace pyro::cli
