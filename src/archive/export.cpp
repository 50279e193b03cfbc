#include <archive.h>
#include <archive_entry.h>

#include <memory>

#include "pyro/archive/audit_log.hpp"
#include "pyro/archive/fhir_files.hpp"
#include "pyro/archive/person_file.hpp"
#include "pyro/archive/segments.hpp"
#include "pyro/base/c_text.hpp"
#include "pyro/base/csv_text.hpp"
#include "pyro/base/notice.hpp"

namespace pyro::archive {
namespace {

// A zip in memory, file by file.
class Zip {
 public:
  Zip() : writer_(archive_write_new()) {
    archive_write_set_format_zip(writer_.get());
    archive_write_set_bytes_in_last_block(writer_.get(), 1);
    archive_write_open(writer_.get(), this, nullptr, &Zip::take, nullptr);
  }
  Status add(const std::string& name, std::string_view content, UtcTime when) {
    const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry{archive_entry_new(),
                                                                         archive_entry_free};
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0600);
    archive_entry_set_mtime(entry.get(),
                            std::chrono::floor<std::chrono::seconds>(when).time_since_epoch().count(), 0);
    if (archive_write_header(writer_.get(), entry.get()) < ARCHIVE_WARN ||
        archive_write_data(writer_.get(), content.data(), content.size()) < 0)
      return failed("the archive could not be made", text_of(archive_error_string(writer_.get())));
    return {};
  }
  Result<std::string> finish() {
    if (archive_write_close(writer_.get()) != ARCHIVE_OK)
      return failed("the archive could not be made", text_of(archive_error_string(writer_.get())));
    return std::move(bytes_);
  }

 private:
  static la_ssize_t take(struct archive*, void* self, const void* bytes, size_t size) {
    static_cast<Zip*>(self)->bytes_.append(static_cast<const char*>(bytes), size);
    return static_cast<la_ssize_t>(size);
  }
  struct Free {
    void operator()(struct archive* writer) const { archive_write_free(writer); }
  };
  std::string bytes_;
  std::unique_ptr<struct archive, Free> writer_;
};

Result<std::vector<Json>> rows_of(store::Connection& in, const Table& table, const std::string& person) {
  std::vector<Json> out;
  Query query;
  if (table.owner == Owner::person_column) query.equal.emplace_back("person", store::Value{person});
  query.limit = 500;
  while (true) {
    Result<Page> page = list(in, table, query);
    if (!page) return tl::make_unexpected(page.error());
    for (Json& row : page->rows) out.push_back(std::move(row));
    if (!page->more) return out;
    query.after = out.back().at("id");
  }
}

// The rows as a table for a spreadsheet: a column a field, lists and objects as JSON, nothing where there is
// nothing.
std::string table_csv(const std::vector<Json>& rows) {
  std::string csv;
  for (const auto& [field, value] : rows.front().items()) {
    if (!csv.empty()) csv += ',';
    append_csv_text(csv, field);
  }
  csv += '\n';
  for (const Json& row : rows) {
    bool first = true;
    for (const auto& [field, value] : row.items()) {
      if (!first) csv += ',';
      first = false;
      if (value.is_string()) {
        append_csv_shown(csv, value.get_ref<const std::string&>());
      } else if (!value.is_null()) {
        append_csv_text(csv, value.dump());
      }
    }
    csv += '\n';
  }
  return csv;
}

// A session's frames, and what FHIR has for it.
Status add_session(store::Connection& in, Zip& zip, const std::string& pseudonym, const Json& session,
                   UtcTime now, std::vector<std::string>& left_out) {
  const std::string id = session.at("id");
  const Result<std::string> csv = session_csv(in, id);
  if (!csv) return tl::make_unexpected(csv.error());
  if (!csv->empty()) {
    if (Status added = zip.add("observations/" + id + ".csv", *csv, now); !added) return added;
  }
  const Result<std::string> bundle = fhir_session(pseudonym, session, *csv, now);
  if (!bundle) {
    left_out.push_back("fhir/" + id + ".json: " + bundle.error().message);
    return {};
  }
  return zip.add("fhir/" + id + ".json", *bundle, now);
}

Status add_audit(store::Connection& in, Zip& zip, const std::string& person, UtcTime now) {
  std::string csv = "number,at,actor,role,action,resource,outcome\n";
  std::int64_t before = 0;
  while (true) {
    const auto entries = AuditLog::newest(in, {person, before, 1000});
    if (!entries) return tl::make_unexpected(entries.error());
    if (entries->empty()) break;
    for (const security::AuditEntry& one : *entries) {
      csv += std::to_string(one.number) + "," + utc_text(one.at);
      for (const std::string* text : {&one.actor, &one.role, &one.action, &one.resource, &one.outcome}) {
        csv += ',';
        append_csv_shown(csv, *text);
      }
      csv += '\n';
      before = one.number;
    }
    if (before <= 1) break;
  }
  return zip.add("audit.csv", csv, now);
}

}  // namespace

Result<std::string> export_person(store::Connection& in, const std::string& person, UtcTime now,
                                  Beside beside) {
  Zip zip;
  const auto self = find(in, kPerson, person);
  if (!self) return tl::make_unexpected(self.error());
  if (!*self) return bad_input("there is no such person");
  const std::string pseudonym = (**self)["pseudonym"];
  Json all{
      {"schema", "pyrometer-person/1"}, {"made", utc_text(now)}, {"notice", kNotice}, {"person", **self}};
  for (const Table* table : all_tables()) {
    if (table->owner != Owner::person_column) continue;
    auto rows = rows_of(in, *table, person);
    if (!rows) return tl::make_unexpected(rows.error());
    for (const Json& row : *rows) {
      const std::string id = row.at("id");
      if (table == &kSession) {
        if (Status added = add_session(in, zip, pseudonym, row, now, beside.left_out); !added)
          return tl::make_unexpected(added.error());
      } else if (table == &kCapture) {
        const auto image = bytes_of(in, kCapture, id, "image");
        if (!image) return tl::make_unexpected(image.error());
        if (*image) {
          if (Status added =
                  zip.add("captures/" + id + ((*image)->bytes.starts_with("\x89PNG") ? ".png" : ".jpg"),
                          (*image)->bytes, now);
              !added)
            return tl::make_unexpected(added.error());
        }
      }
    }
    if (table == &kResponse && !rows->empty()) {
      const Result<std::string> bundle = fhir_questionnaires(pseudonym, *rows, now);
      if (!bundle) {
        beside.left_out.push_back("fhir/questionnaires.json: " + bundle.error().message);
      } else if (Status added = zip.add("fhir/questionnaires.json", *bundle, now); !added) {
        return tl::make_unexpected(added.error());
      }
    }
    const std::string name{table->name};
    if (!rows->empty()) {
      if (Status added = zip.add("tables/" + name + ".csv", table_csv(*rows), now); !added)
        return tl::make_unexpected(added.error());
    }
    all[name] = std::move(*rows);
  }
  for (const auto& [name, content] : beside.files) {
    if (Status added = zip.add(name, content, now); !added) return tl::make_unexpected(added.error());
  }
  all["left_out"] = beside.left_out;
  std::string left_out;
  for (const std::string& one : beside.left_out) left_out += "- " + one + "\n";
  const std::string readme =
      std::string{(**self)["simulated"] == true
                      ? "A simulated person of a demonstration: nobody was recorded.\n\n"
                      : ""} +
      "All that is kept on one person.\n\nperson.json: the rows of every table.\ntables/: the same, a CSV "
      "for "
      "each table that has rows.\nobservations/: a CSV for "
      "each session, its columns as in "
      "frames.csv.\ncaptures/: pictures.\nfhir/: Bundles of HL7 FHIR R4, one a session and one of all "
      "questionnaires; FHIR has no place for notes, keywords, pictures, alerts and consents here, they stand "
      "in "
      "person.json.\njobs/: what came of jobs about them.\nvideos/: what their sessions' cameras saw, where "
      "it was kept.\naudit.csv: who read or wrote it.\n\nNot in it: "
      "passwords and tokens (only hashes are kept), uploads that wait for a job, and what is counted of many "
      "people (figures of groups, validations, models).\n" +
      (left_out.empty() ? "" : "Left out besides:\n" + left_out) + "\n" + std::string{kNotice} + "\n";
  for (const auto& [name, content] :
       {std::pair{std::string{"person.json"}, all.dump(2)}, std::pair{std::string{"README.txt"}, readme}}) {
    if (Status added = zip.add(name, content, now); !added) return tl::make_unexpected(added.error());
  }
  if (Status added = add_audit(in, zip, person, now); !added) return tl::make_unexpected(added.error());
  return zip.finish();
}

}  // namespace pyro::archive
