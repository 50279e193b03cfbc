#include "pyro/archive/tables.hpp"

#include <algorithm>
#include <array>

#include "pyro/archive/overview.hpp"
#include "pyro/archive/session_figures.hpp"

namespace pyro::archive {
namespace {

constexpr std::array kAccountFields{Field{"name", Kind::text},
                                    Field{"display_name", Kind::text},
                                    Field{"role", Kind::text},
                                    Field{"person", Kind::uuid},
                                    Field{"disabled", Kind::yes_no},
                                    Field{"must_change_password", Kind::yes_no},
                                    Field{"has_totp", Kind::yes_no},
                                    Field{"password", Kind::text, true},
                                    Field{"totp", Kind::bytes, true},
                                    Field{"totp_step", Kind::whole, true},
                                    Field{"failures", Kind::whole, true},
                                    Field{"last_failure", Kind::time, true},
                                    Field{"oidc_subject", Kind::text},
                                    Field{"simulated", Kind::yes_no}};
constexpr std::array kApiTokenFields{Field{"account", Kind::uuid}, Field{"name", Kind::text},
                                     Field{"scopes", Kind::json},  Field{"tail", Kind::text},
                                     Field{"expires", Kind::time}, Field{"last_used", Kind::time},
                                     Field{"revoked", Kind::time}, Field{"hash", Kind::text, true}};
constexpr std::array kOrganisationFields{Field{"name", Kind::text}, Field{"simulated", Kind::yes_no}};
constexpr std::array kTeamFields{Field{"organisation", Kind::uuid}, Field{"name", Kind::text},
                                 Field{"simulated", Kind::yes_no}};
constexpr std::array kMemberFields{Field{"team", Kind::uuid}, Field{"person", Kind::uuid}};
constexpr std::array kTeamLeadFields{Field{"team", Kind::uuid}, Field{"account", Kind::uuid}};
constexpr std::array kPersonFields{Field{"pseudonym", Kind::text},   Field{"name", Kind::text},
                                   Field{"birth_year", Kind::whole}, Field{"contact", Kind::text},
                                   Field{"remarks", Kind::text},     Field{"simulated", Kind::yes_no}};
constexpr std::array kCareFields{Field{"person", Kind::uuid}, Field{"account", Kind::uuid},
                                 Field{"kind", Kind::text}};
constexpr std::array kConsentFields{Field{"person", Kind::uuid},       Field{"scopes", Kind::json},
                                    Field{"purpose", Kind::text},      Field{"from", Kind::time},
                                    Field{"until", Kind::time},        Field{"withdrawn", Kind::time},
                                    Field{"text_version", Kind::text}, Field{"on_paper", Kind::yes_no},
                                    Field{"recorded_by", Kind::uuid},  Field{"template", Kind::uuid}};
constexpr std::array kConsentTemplateFields{
    Field{"name", Kind::text},     Field{"mode", Kind::text},     Field{"language", Kind::text},
    Field{"purpose", Kind::text},  Field{"scopes", Kind::json},   Field{"text", Kind::text},
    Field{"edition", Kind::whole}, Field{"active", Kind::yes_no}, Field{"made_by", Kind::uuid}};
constexpr std::array kSessionFields{
    Field{"person", Kind::uuid},       Field{"kind", Kind::text},          Field{"state", Kind::text},
    Field{"title", Kind::text},        Field{"started", Kind::time},       Field{"ended", Kind::time},
    Field{"model", Kind::text},        Field{"profile", Kind::text},       Field{"summary", Kind::json},
    Field{"recorded_by", Kind::uuid},  Field{"camera", Kind::uuid},        Field{"main_index", Kind::real},
    Field{"main_perclos", Kind::real}, Field{"readable_share", Kind::real}};
// at: the time of its first picture by the recorder's clock; at_s: in the session's time, which observations
// have. media: of the first piece.
constexpr std::array kVideoFields{Field{"person", Kind::uuid}, Field{"session", Kind::uuid},
                                  Field{"at", Kind::time},     Field{"at_s", Kind::real},
                                  Field{"media", Kind::text},  Field{"pieces", Kind::whole},
                                  Field{"bytes", Kind::whole}, Field{"recorded_by", Kind::uuid}};
constexpr std::array kNoteFields{Field{"person", Kind::uuid}, Field{"session", Kind::uuid},
                                 Field{"at", Kind::time}, Field{"text", Kind::text},
                                 Field{"author", Kind::uuid}};
constexpr std::array kKeywordFields{Field{"person", Kind::uuid}, Field{"session", Kind::uuid},
                                    Field{"word", Kind::text},   Field{"from", Kind::time},
                                    Field{"until", Kind::time},  Field{"author", Kind::uuid}};
constexpr std::array kCaptureFields{Field{"person", Kind::uuid},  Field{"session", Kind::uuid},
                                    Field{"at", Kind::time},      Field{"prediction", Kind::json},
                                    Field{"label", Kind::text},   Field{"keyword", Kind::text},
                                    Field{"dataset", Kind::uuid}, Field{"image", Kind::bytes}};
constexpr std::array kDatasetFields{Field{"name", Kind::text}, Field{"remarks", Kind::text},
                                    Field{"made_by", Kind::uuid}};
constexpr std::array kDatasetItemFields{Field{"dataset", Kind::uuid}, Field{"person", Kind::uuid},
                                        Field{"capture", Kind::uuid}, Field{"label", Kind::text},
                                        Field{"sha256", Kind::text}};
// A picture that shows nobody the site keeps a record of. pixels, perceptual, sketch: datasets::Fingerprint.
constexpr std::array kDatasetPictureFields{
    Field{"dataset", Kind::uuid},      Field{"name", Kind::text},       Field{"label", Kind::text},
    Field{"pixels", Kind::text},       Field{"perceptual", Kind::text}, Field{"width", Kind::whole},
    Field{"height", Kind::whole},      Field{"image", Kind::bytes},     Field{"thumbnail", Kind::bytes},
    Field{"sketch", Kind::bytes, true}};
constexpr std::array kDatasetVersionFields{Field{"dataset", Kind::uuid},   Field{"name", Kind::text},
                                           Field{"pictures", Kind::whole}, Field{"counts", Kind::json},
                                           Field{"digest", Kind::text},    Field{"made_by", Kind::uuid}};
// state: draft, published, replaced (a later edition is published), retired (not given any more).
constexpr std::array kSurveyDefinitionFields{Field{"survey", Kind::text}, Field{"edition", Kind::whole},
                                             Field{"state", Kind::text}, Field{"definition", Kind::json},
                                             Field{"made_by", Kind::uuid}};
constexpr std::array kResponseFields{Field{"person", Kind::uuid},     Field{"session", Kind::uuid},
                                     Field{"instrument", Kind::text}, Field{"definition", Kind::text},
                                     Field{"language", Kind::text},   Field{"answers", Kind::json},
                                     Field{"score", Kind::json},      Field{"taken", Kind::time}};
constexpr std::array kJobFields{
    Field{"kind", Kind::text},         Field{"state", Kind::text},   Field{"person", Kind::uuid},
    Field{"account", Kind::uuid},      Field{"request", Kind::json}, Field{"progress", Kind::real},
    Field{"result", Kind::json},       Field{"error", Kind::text},   Field{"attempts", Kind::whole},
    Field{"leased_until", Kind::time}, Field{"cancel", Kind::yes_no}};
constexpr std::array kUploadFields{Field{"account", Kind::uuid}, Field{"kind", Kind::text},
                                   Field{"bytes", Kind::whole}, Field{"job", Kind::uuid},
                                   Field{"received", Kind::whole}};
constexpr std::array kAlertFields{
    Field{"person", Kind::uuid},          Field{"rule", Kind::text},       Field{"level", Kind::text},
    Field{"title", Kind::text},           Field{"text", Kind::text},       Field{"evidence", Kind::text},
    Field{"grounds", Kind::json},         Field{"suggestion", Kind::text}, Field{"state", Kind::text},
    Field{"acknowledged_by", Kind::uuid}, Field{"follow_up", Kind::text}};
constexpr std::array kRetentionFields{Field{"kind", Kind::text}, Field{"days", Kind::whole}};
constexpr std::array kCameraFields{Field{"name", Kind::text}, Field{"url", Kind::text},
                                   Field{"has_password", Kind::yes_no},
                                   Field{"credentials", Kind::bytes, true}, Field{"made_by", Kind::uuid}};

}  // namespace

const Table kAccount{"account", Owner::nobody, kAccountFields};
const Table kApiToken{"api_token", Owner::nobody, kApiTokenFields};
const Table kOrganisation{"organisation", Owner::group, kOrganisationFields};
const Table kTeam{"team", Owner::group, kTeamFields};
const Table kMember{"member", Owner::person_column, kMemberFields};
const Table kTeamLead{"team_lead", Owner::nobody, kTeamLeadFields};
const Table kPerson{"person", Owner::itself, kPersonFields};
const Table kCare{"care", Owner::person_column, kCareFields};
const Table kConsent{"consent", Owner::person_column, kConsentFields};
const Table kConsentTemplate{"consent_template", Owner::nobody, kConsentTemplateFields};
const Table kSession{"session", Owner::person_column, kSessionFields, session_figures, session_changed};
const Table kVideo{"video", Owner::person_column, kVideoFields};
const Table kNote{"note", Owner::person_column, kNoteFields};
const Table kKeyword{"keyword", Owner::person_column, kKeywordFields};
const Table kCapture{"capture", Owner::person_column, kCaptureFields};
const Table kDataset{"dataset", Owner::nobody, kDatasetFields};
const Table kDatasetPicture{"dataset_picture", Owner::nobody, kDatasetPictureFields};
const Table kDatasetVersion{"dataset_version", Owner::nobody, kDatasetVersionFields};
const Table kDatasetItem{"dataset_item", Owner::person_column, kDatasetItemFields};
const Table kSurveyDefinition{"survey_definition", Owner::nobody, kSurveyDefinitionFields};
const Table kResponse{"response", Owner::person_column, kResponseFields};
const Table kJob{"job", Owner::person_column, kJobFields};
const Table kUpload{"upload", Owner::nobody, kUploadFields};
const Table kAlert{"alert", Owner::person_column, kAlertFields};
const Table kRetention{"retention", Owner::nobody, kRetentionFields};
const Table kCamera{"camera", Owner::nobody, kCameraFields};

std::span<const Table* const> all_tables() {
  // Those that others refer to come first: rows are erased from the back.
  static constexpr std::array kAll{&kPerson,
                                   &kAccount,
                                   &kApiToken,
                                   &kOrganisation,
                                   &kTeam,
                                   &kMember,
                                   &kTeamLead,
                                   &kCare,
                                   &kConsentTemplate,
                                   &kConsent,
                                   &kSession,
                                   &kVideo,
                                   &kNote,
                                   &kKeyword,
                                   &kDataset,
                                   &kDatasetPicture,
                                   &kDatasetVersion,
                                   &kCapture,
                                   &kDatasetItem,
                                   &kResponse,
                                   &kJob,
                                   &kUpload,
                                   &kAlert,
                                   &kRetention,
                                   &kCamera,
                                   &kSurveyDefinition};
  return kAll;
}

Owner owner_of(std::string_view table) {
  const auto tables = all_tables();
  const auto found = std::ranges::find_if(tables, [&](const Table* one) { return one->name == table; });
  return found == tables.end() ? Owner::nobody : (*found)->owner;
}

std::string column_of(const Field& field) {
  std::string column{field.name};
  if (field.kind == Kind::time) return column + "_us";
  return column;
}

}  // namespace pyro::archive
