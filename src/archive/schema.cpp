#include "pyro/archive/schema.hpp"

#include <vector>

#include "pyro/archive/session_figures.hpp"

namespace pyro::archive {
namespace {

// Rows point at their person without ON DELETE CASCADE: erasing is done table by table (person_file.hpp),
// counted and audited.
constexpr std::string_view kFirst[] = {
    R"(CREATE TABLE site (
  id BIGINT PRIMARY KEY, name TEXT NOT NULL, mode TEXT NOT NULL, legal_basis TEXT NOT NULL, k BIGINT NOT NULL,
  leads_may_see_scores BIGINT NOT NULL, research_approved BIGINT NOT NULL, version BIGINT NOT NULL, updated_us BIGINT NOT NULL))",
    R"(CREATE TABLE secret (name TEXT PRIMARY KEY, sealed BYTEA NOT NULL))",
    R"(CREATE TABLE person (
  id UUID PRIMARY KEY, version BIGINT NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL,
  pseudonym TEXT NOT NULL, name TEXT, birth_year BIGINT, contact TEXT, remarks TEXT))",
    R"(CREATE UNIQUE INDEX person_pseudonym ON person (pseudonym))",
    R"(CREATE TABLE account (
  id UUID PRIMARY KEY, version BIGINT NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL,
  name TEXT NOT NULL, display_name TEXT, role TEXT NOT NULL, person UUID REFERENCES person (id),
  disabled BIGINT NOT NULL, must_change_password BIGINT NOT NULL, has_totp BIGINT NOT NULL, password TEXT, totp BYTEA,
  totp_step BIGINT, failures BIGINT NOT NULL, last_failure_us BIGINT, oidc_subject TEXT))",
    R"(CREATE UNIQUE INDEX account_name ON account (name))",
    R"(CREATE UNIQUE INDEX account_oidc ON account (oidc_subject))",
    R"(CREATE TABLE login (
  hash TEXT PRIMARY KEY, account UUID NOT NULL REFERENCES account (id), created_us BIGINT NOT NULL,
  seen_us BIGINT NOT NULL, expires_us BIGINT NOT NULL, totp_passed BIGINT NOT NULL))",
    R"(CREATE INDEX login_account ON login (account))",
    R"(CREATE TABLE api_token (
  id UUID PRIMARY KEY, version BIGINT NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL,
  account UUID NOT NULL REFERENCES account (id), name TEXT NOT NULL, scopes TEXT NOT NULL, tail TEXT NOT NULL,
  hash TEXT NOT NULL, expires_us BIGINT, last_used_us BIGINT, revoked_us BIGINT))",
    R"(CREATE UNIQUE INDEX api_token_hash ON api_token (hash))",
    R"(CREATE INDEX api_token_account ON api_token (account, id))",
    R"(CREATE TABLE organisation (
  id UUID PRIMARY KEY, version BIGINT NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL,
  name TEXT NOT NULL))",
    R"(CREATE TABLE team (
  id UUID PRIMARY KEY, version BIGINT NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL,
  organisation UUID NOT NULL REFERENCES organisation (id), name TEXT NOT NULL))",
    R"(CREATE TABLE member (
  id UUID PRIMARY KEY, version BIGINT NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL,
  team UUID NOT NULL REFERENCES team (id), person UUID NOT NULL REFERENCES person (id)))",
    R"(CREATE UNIQUE INDEX member_once ON member (team, person))",
    R"(CREATE INDEX member_person ON member (person))",
    R"(CREATE TABLE team_lead (
  id UUID PRIMARY KEY, version BIGINT NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL,
  team UUID NOT NULL REFERENCES team (id), account UUID NOT NULL REFERENCES account (id)))",
    R"(CREATE UNIQUE INDEX team_lead_once ON team_lead (team, account))",
    R"(CREATE INDEX team_lead_account ON team_lead (account))",
    R"(CREATE TABLE care (
  id UUID PRIMARY KEY, version BIGINT NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL,
  person UUID NOT NULL REFERENCES person (id), account UUID NOT NULL REFERENCES account (id), kind TEXT NOT NULL))",
    R"(CREATE UNIQUE INDEX care_once ON care (person, account))",
    R"(CREATE INDEX care_account ON care (account, person))",
    R"(CREATE TABLE consent (
  id UUID PRIMARY KEY, version BIGINT NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL,
  person UUID NOT NULL REFERENCES person (id), scopes TEXT NOT NULL, purpose TEXT NOT NULL, from_us BIGINT NOT NULL,
  until_us BIGINT, withdrawn_us BIGINT, text_version TEXT NOT NULL, on_paper BIGINT NOT NULL, recorded_by UUID))",
    R"(CREATE INDEX consent_person ON consent (person, id))",
    R"(CREATE TABLE session (
  id UUID PRIMARY KEY, version BIGINT NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL,
  person UUID NOT NULL REFERENCES person (id), kind TEXT NOT NULL, state TEXT NOT NULL, title TEXT,
  started_us BIGINT NOT NULL, ended_us BIGINT, model TEXT, profile TEXT, summary TEXT, recorded_by UUID))",
    R"(CREATE INDEX session_person ON session (person, id))",
    R"(CREATE INDEX session_state ON session (state, id))",
    R"(CREATE TABLE segment (
  session UUID NOT NULL REFERENCES session (id), number BIGINT NOT NULL, first_seq BIGINT NOT NULL,
  last_seq BIGINT NOT NULL, first_us BIGINT NOT NULL, last_us BIGINT NOT NULL, bytes BYTEA NOT NULL,
  PRIMARY KEY (session, number)))",
    R"(CREATE TABLE note (
  id UUID PRIMARY KEY, version BIGINT NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL,
  person UUID NOT NULL REFERENCES person (id), session UUID REFERENCES session (id), at_us BIGINT, text TEXT NOT NULL,
  author UUID))",
    R"(CREATE INDEX note_person ON note (person, id))",
    R"(CREATE INDEX note_session ON note (session))",
    R"(CREATE TABLE keyword (
  id UUID PRIMARY KEY, version BIGINT NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL,
  person UUID NOT NULL REFERENCES person (id), session UUID NOT NULL REFERENCES session (id), word TEXT NOT NULL,
  from_us BIGINT NOT NULL, until_us BIGINT, author UUID))",
    R"(CREATE INDEX keyword_person ON keyword (person, id))",
    R"(CREATE INDEX keyword_session ON keyword (session))",
    R"(CREATE TABLE dataset (
  id UUID PRIMARY KEY, version BIGINT NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL,
  name TEXT NOT NULL, remarks TEXT, made_by UUID))",
    R"(CREATE TABLE capture (
  id UUID PRIMARY KEY, version BIGINT NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL,
  person UUID NOT NULL REFERENCES person (id), session UUID REFERENCES session (id), at_us BIGINT NOT NULL,
  prediction TEXT, label TEXT, keyword TEXT, dataset UUID REFERENCES dataset (id), image BYTEA))",
    R"(CREATE INDEX capture_person ON capture (person, id))",
    R"(CREATE INDEX capture_dataset ON capture (dataset))",
    R"(CREATE TABLE dataset_item (
  id UUID PRIMARY KEY, version BIGINT NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL,
  dataset UUID NOT NULL REFERENCES dataset (id), person UUID NOT NULL REFERENCES person (id),
  capture UUID REFERENCES capture (id), label TEXT NOT NULL, sha256 TEXT))",
    R"(CREATE INDEX dataset_item_dataset ON dataset_item (dataset, id))",
    R"(CREATE INDEX dataset_item_person ON dataset_item (person))",
    R"(CREATE TABLE response (
  id UUID PRIMARY KEY, version BIGINT NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL,
  person UUID NOT NULL REFERENCES person (id), session UUID REFERENCES session (id), instrument TEXT NOT NULL,
  definition TEXT NOT NULL, language TEXT, answers TEXT NOT NULL, score TEXT NOT NULL, taken_us BIGINT NOT NULL))",
    R"(CREATE INDEX response_person ON response (person, id))",
    R"(CREATE TABLE job (
  id UUID PRIMARY KEY, version BIGINT NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL,
  kind TEXT NOT NULL, state TEXT NOT NULL, person UUID REFERENCES person (id), account UUID NOT NULL, request TEXT NOT NULL,
  progress DOUBLE PRECISION NOT NULL, result TEXT, error TEXT, attempts BIGINT NOT NULL, leased_until_us BIGINT,
  cancel BIGINT NOT NULL))",
    R"(CREATE INDEX job_state ON job (state, id))",
    R"(CREATE INDEX job_person ON job (person))",
    R"(CREATE TABLE alert (
  id UUID PRIMARY KEY, version BIGINT NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL,
  person UUID NOT NULL REFERENCES person (id), rule TEXT NOT NULL, level TEXT NOT NULL, title TEXT NOT NULL,
  text TEXT NOT NULL, evidence TEXT, suggestion TEXT, state TEXT NOT NULL, acknowledged_by UUID, follow_up TEXT))",
    R"(CREATE INDEX alert_person ON alert (person, id))",
    R"(CREATE TABLE retention (
  id UUID PRIMARY KEY, version BIGINT NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL,
  kind TEXT NOT NULL, days BIGINT NOT NULL))",
    R"(CREATE UNIQUE INDEX retention_kind ON retention (kind))",
    R"(CREATE TABLE idempotency (
  account UUID NOT NULL, key TEXT NOT NULL, request TEXT NOT NULL, status BIGINT NOT NULL, body TEXT NOT NULL,
  created_us BIGINT NOT NULL, PRIMARY KEY (account, key)))",
    R"(CREATE TABLE aggregate_answer (
  id UUID PRIMARY KEY, figure TEXT NOT NULL, period TEXT NOT NULL, people TEXT NOT NULL, answer TEXT NOT NULL,
  created_us BIGINT NOT NULL))",
    R"(CREATE INDEX aggregate_answer_figure ON aggregate_answer (figure, period))",
    R"(CREATE TABLE audit (
  number BIGINT PRIMARY KEY, at_us BIGINT NOT NULL, actor TEXT NOT NULL, role TEXT NOT NULL, action TEXT NOT NULL,
  resource TEXT NOT NULL, subject TEXT NOT NULL, outcome TEXT NOT NULL, request_id TEXT NOT NULL, detail TEXT NOT NULL,
  previous BYTEA NOT NULL, hash BYTEA NOT NULL))",
    R"(CREATE INDEX audit_subject ON audit (subject, number))",
};

// Files that wait for a job; the bytes themselves lie sealed beside the database.
constexpr std::string_view kUploads[] = {
    R"(CREATE TABLE upload (
  id UUID PRIMARY KEY, version BIGINT NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL,
  account UUID NOT NULL, kind TEXT NOT NULL, bytes BIGINT NOT NULL, job UUID))",
    R"(CREATE INDEX upload_account ON upload (account, id))",
    R"(CREATE INDEX upload_job ON upload (job))",
    R"(CREATE INDEX job_account ON job (account, id))",
};

// Who is signed in sees where: whoever was before signs in again. Recovery codes stand in for an
// authenticator, one each.
constexpr std::string_view kLogins[] = {
    R"(DROP TABLE login)",
    R"(CREATE TABLE login (
  hash TEXT PRIMARY KEY, id UUID NOT NULL, account UUID NOT NULL REFERENCES account (id), client TEXT NOT NULL,
  created_us BIGINT NOT NULL, seen_us BIGINT NOT NULL, expires_us BIGINT NOT NULL))",
    R"(CREATE INDEX login_account ON login (account, id))",
    R"(CREATE TABLE recovery_code (
  account UUID NOT NULL REFERENCES account (id), hash BYTEA NOT NULL, PRIMARY KEY (account, hash)))",
};

// Cameras that this server may read; users and passwords lie sealed.
constexpr std::string_view kCameras[] = {
    R"(CREATE TABLE camera (
  id UUID PRIMARY KEY, version BIGINT NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL,
  name TEXT NOT NULL, url TEXT NOT NULL, has_password BIGINT NOT NULL, credentials BYTEA, made_by UUID))",
    R"(ALTER TABLE session ADD COLUMN camera UUID)",
};

// What is asked of a person's months: without these a database may go through everybody's sessions.
constexpr std::string_view kTimes[] = {
    R"(CREATE INDEX session_person_started ON session (person, started_us))",
    R"(CREATE INDEX response_person_taken ON response (person, instrument, taken_us))",
};

// Who and what belongs to the demo, of which nothing counts as real.
constexpr std::string_view kDemo[] = {
    R"(ALTER TABLE person ADD COLUMN simulated BIGINT NOT NULL DEFAULT 0)",
    R"(ALTER TABLE account ADD COLUMN simulated BIGINT NOT NULL DEFAULT 0)",
    R"(ALTER TABLE organisation ADD COLUMN simulated BIGINT NOT NULL DEFAULT 0)",
    R"(ALTER TABLE team ADD COLUMN simulated BIGINT NOT NULL DEFAULT 0)",
    R"(CREATE TABLE demo (id BIGINT PRIMARY KEY, seed BIGINT NOT NULL, made_us BIGINT NOT NULL, whole BIGINT NOT NULL))",
};

// What a session's camera saw; the bytes lie sealed beside the database, piece by piece.
constexpr std::string_view kVideos[] = {
    R"(CREATE TABLE video (
  id UUID PRIMARY KEY, version BIGINT NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL,
  person UUID NOT NULL REFERENCES person (id), session UUID NOT NULL REFERENCES session (id), at_us BIGINT NOT NULL,
  at_s DOUBLE PRECISION, media TEXT, pieces BIGINT NOT NULL, bytes BIGINT NOT NULL, recorded_by UUID))",
    R"(CREATE INDEX video_session ON video (session, id))",
    R"(CREATE INDEX video_person ON video (person, id))",
    R"(CREATE TABLE video_piece (
  video UUID NOT NULL REFERENCES video (id) ON DELETE CASCADE, number BIGINT NOT NULL, name TEXT NOT NULL,
  begin_byte BIGINT NOT NULL, bytes BIGINT NOT NULL, PRIMARY KEY (video, number)))",
};

// What weeks and teams are told from. All that they ask of a session stands in its index: the row with its
// summary is not read.
constexpr std::string_view kFigures[] = {
    R"(ALTER TABLE session ADD COLUMN main_index DOUBLE PRECISION)",
    R"(ALTER TABLE session ADD COLUMN main_perclos DOUBLE PRECISION)",
    R"(ALTER TABLE session ADD COLUMN readable_share DOUBLE PRECISION)",
    R"(DROP INDEX session_person_started)",
    R"(CREATE INDEX session_person_figures ON session (
  person, started_us, id, state, readable_share, main_index, main_perclos))",
};

// Texts by which people agree, edition by edition.
constexpr std::string_view kConsentTexts[] = {
    R"(CREATE TABLE consent_template (
  id UUID PRIMARY KEY, version BIGINT NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL,
  name TEXT NOT NULL, mode TEXT, language TEXT NOT NULL, purpose TEXT NOT NULL, scopes TEXT NOT NULL, text TEXT NOT NULL,
  edition BIGINT NOT NULL, active BIGINT NOT NULL, made_by UUID))",
    R"(CREATE UNIQUE INDEX consent_template_edition ON consent_template (name, language, edition))",
    R"(ALTER TABLE consent ADD COLUMN template UUID)",
};

// Pictures of data sets without a person, and lists of them that nothing changes.
constexpr std::string_view kPictures[] = {
    R"(CREATE TABLE dataset_picture (
  id UUID PRIMARY KEY, version BIGINT NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL,
  dataset UUID NOT NULL REFERENCES dataset (id), name TEXT NOT NULL, label TEXT, pixels TEXT NOT NULL, perceptual TEXT NOT NULL,
  width BIGINT NOT NULL, height BIGINT NOT NULL, image BYTEA NOT NULL, thumbnail BYTEA NOT NULL, sketch BYTEA NOT NULL))",
    R"(CREATE INDEX dataset_picture_dataset ON dataset_picture (dataset, id))",
    R"(CREATE INDEX dataset_picture_label ON dataset_picture (dataset, label, id))",
    R"(CREATE INDEX dataset_picture_pixels ON dataset_picture (dataset, pixels))",
    R"(CREATE TABLE dataset_version (
  id UUID PRIMARY KEY, version BIGINT NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL,
  dataset UUID NOT NULL REFERENCES dataset (id), name TEXT NOT NULL, pictures BIGINT NOT NULL, counts TEXT NOT NULL,
  digest TEXT NOT NULL, made_by UUID))",
    R"(CREATE UNIQUE INDEX dataset_version_name ON dataset_version (dataset, name))",
    R"(CREATE TABLE dataset_version_picture (
  version_id UUID NOT NULL REFERENCES dataset_version (id) ON DELETE CASCADE,
  picture UUID NOT NULL REFERENCES dataset_picture (id), label TEXT, PRIMARY KEY (version_id, picture)))",
    R"(CREATE INDEX dataset_version_picture_picture ON dataset_version_picture (picture))",
};

// What was worked out of a person's sessions, so that a list of many people need not go through all of
// theirs. A row goes when a session of the person changes, and is made again when it is asked for.
constexpr std::string_view kOverviews[] = {
    R"(CREATE TABLE person_overview (
  person UUID PRIMARY KEY REFERENCES person (id), program TEXT NOT NULL, sessions BIGINT NOT NULL, last_session_us BIGINT,
  weeks TEXT NOT NULL))",
};

// Uploads that come in pieces: how much of one is here; NULL where it is whole.
constexpr std::string_view kUploadPieces[] = {
    R"(ALTER TABLE upload ADD COLUMN received BIGINT)",
};

// The numbers behind an alert, apart from the English sentence that tells them.
constexpr std::string_view kAlertGrounds[] = {
    R"(ALTER TABLE alert ADD COLUMN grounds TEXT)",
};

// Questionnaires that the site made itself, edition by edition.
constexpr std::string_view kSurveyDefinitions[] = {
    R"(CREATE TABLE survey_definition (
  id UUID PRIMARY KEY, version BIGINT NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL,
  survey TEXT NOT NULL, edition BIGINT NOT NULL, state TEXT NOT NULL, definition TEXT NOT NULL, made_by UUID))",
    R"(CREATE UNIQUE INDEX survey_definition_edition ON survey_definition (survey, edition))",
};

}  // namespace

std::span<const store::Migration> schema() {
  // In the order in which they are numbered.
  static const std::vector<store::Migration> kAll = [] {
    std::vector<store::Migration> all;
    const auto step = [&](std::string_view name, std::span<const std::string_view> statements,
                          Status (*then)(store::Connection&) = nullptr) {
      all.push_back({static_cast<int>(all.size()) + 1, name, {statements.begin(), statements.end()}, then});
    };
    step("first", kFirst);
    step("uploads", kUploads);
    step("logins", kLogins);
    step("cameras", kCameras);
    step("times", kTimes);
    step("demo", kDemo);
    step("videos", kVideos);
    step("figures", kFigures, fill_session_figures);
    step("consent texts", kConsentTexts);
    step("pictures", kPictures);
    step("overviews", kOverviews);
    step("upload pieces", kUploadPieces);
    step("alert grounds", kAlertGrounds);
    step("survey definitions", kSurveyDefinitions);
    return all;
  }();
  return kAll;
}

}  // namespace pyro::archive
