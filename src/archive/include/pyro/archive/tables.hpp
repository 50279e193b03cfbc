// What is kept, described once: from these tables come the statements that read and write rows, their JSON,
// the export of everything on one person and the erasure of it. The SQL that makes them is in schema.hpp; a
// test holds both together.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

#include "pyro/store/database.hpp"

namespace pyro::archive {

// As it stands in SQL and in JSON: uuid and text are strings; whole is a number; yes_no BIGINT 0/1 and
// true/false; time BIGINT microseconds since 1970 (the column has the suffix _us) and RFC 3339 text; json
// TEXT and any JSON; bytes BYTEA, never in JSON.
enum class Kind : std::uint8_t { uuid, text, whole, real, yes_no, time, json, bytes };

struct Field {
  std::string_view name;  // in JSON
  Kind kind;
  bool kept_back = false;  // never given out by the API: hashes, sealed secrets
};

// How a table's rows belong to a person. group: to nobody, but accounts lead them.
enum class Owner : std::uint8_t { nobody, group, itself, person_column };

struct Table {
  std::string_view name;
  Owner owner;
  std::span<const Field> fields;  // besides id, version, created, updated, which every table has
  // What follows from the fields that are set and is kept in columns of its own, so that a database can count
  // it.
  nlohmann::json (*derived)(const nlohmann::json& fields) = nullptr;
  // What is kept elsewhere and rests on this row: told in the same transaction that the row is new or
  // changed.
  Status (*changed)(store::Connection& in, const nlohmann::json& row) = nullptr;
};

[[nodiscard]] std::string column_of(const Field& field);
[[nodiscard]] std::span<const Table* const> all_tables();
// Of a table by its name; nobody where there is none.
[[nodiscard]] Owner owner_of(std::string_view table);

// Tables by the room's names for them.
extern const Table kAccount, kApiToken, kOrganisation, kTeam, kMember, kTeamLead, kPerson, kCare, kConsent,
    kConsentTemplate, kSession, kVideo, kNote, kKeyword, kCapture, kDataset, kDatasetPicture, kDatasetVersion,
    kDatasetItem, kSurveyDefinition, kResponse, kJob, kUpload, kAlert, kRetention, kCamera;

}  // namespace pyro::archive
