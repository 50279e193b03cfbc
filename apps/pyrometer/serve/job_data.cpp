#include "job_data.hpp"

#include <algorithm>
#include <fstream>
#include <map>

#include "pyro/archive/ids.hpp"
#include "pyro/archive/rows.hpp"
#include "pyro/archive/simulated.hpp"
#include "pyro/base/csv_text.hpp"
#include "pyro/base/files.hpp"
#include "pyro/jobs/media.hpp"
#include "pyro/jobs/unpack.hpp"

namespace pyro::cli {
namespace {

namespace fs = std::filesystem;
using jobs::Json;

tl::unexpected<Error> leads_out() {
  return bad_input(
      "The table names a file outside of the data set; names must be relative to the table, without \"..\".");
}

// Before anything is opened that a table names. Stricter than need be: any word of it that could lead out.
Status stays_inside(const fs::path& table) {
  std::ifstream in(table, std::ios::binary);
  std::string line;
  while (std::getline(in, line)) {
    for (std::size_t from = 0; from <= line.size();) {
      const std::size_t end = std::min(line.find_first_of(",;\t\"", from), line.size());
      std::string_view word = std::string_view{line}.substr(from, end - from);
      while (word.starts_with(' ')) word.remove_prefix(1);
      if (word.starts_with('/') || word.starts_with('\\') || word.find("../") != std::string_view::npos ||
          word.find("..\\") != std::string_view::npos || word.find("://") != std::string_view::npos)
        return leads_out();
      from = end + 1;
    }
  }
  return {};
}

// The folder, or the table, that the set is: archives often hold one folder with all the rest in it.
fs::path root_of(fs::path folder) {
  std::error_code ignored;
  while (true) {
    std::vector<fs::path> files, folders;
    for (const auto& one : fs::directory_iterator(folder, ignored))
      (one.is_directory(ignored) ? folders : files).push_back(one.path());
    if (const fs::path labels = folder / "labels.csv"; fs::exists(labels, ignored)) return labels;
    if (files.size() == 1 &&
        jobs::media_of_file(files.front()).value_or(jobs::Media{}).kind == jobs::MediaKind::table)
      return files.front();
    if (!files.empty() || folders.size() != 1) return folder;
    folder = folders.front();
  }
}

Status check_names(const fs::path& where, const fs::path& folder) {
  std::error_code ignored;
  for (const auto& one : fs::recursive_directory_iterator(folder, ignored)) {
    if (!one.is_regular_file(ignored) || one.path().extension() != ".csv") continue;
    if (Status inside = stays_inside(one.path()); !inside) return inside;
  }
  if (where.extension() != ".csv") return {};
  // A name may be a picture's; a decoder must not be given anything else.
  const auto set = datasets::read_dataset_csv(std::make_unique<std::ifstream>(where, std::ios::binary), where,
                                              datasets::Labels::optional);
  if (!set) return tl::make_unexpected(set.error());
  for (const datasets::Item& item : set->items) {
    if (!item.is_path || item.face) continue;
    const auto media = jobs::media_of_file(item.name);
    if (!media || media->kind != jobs::MediaKind::picture)
      return bad_input("Line " + std::to_string(item.line) +
                       " of the table names a file that is not there, or that is no picture.");
  }
  return {};
}

Result<JobSet> uploaded(const jobs::Task& task) {
  if (task.inputs.size() != 1) return bad_input("A data set is one archive or one table.");
  const fs::path& input = task.inputs.front();
  const Result<jobs::Media> media = jobs::media_of_file(input);
  if (!media) return tl::make_unexpected(media.error());
  const fs::path folder = "set";
  JobSet out{folder};
  std::error_code error;
  if (media->kind == jobs::MediaKind::table) {
    fs::create_directory(folder, error);
    fs::rename(input, folder / "labels.csv", error);
    if (error) return failed("the table cannot be moved", error.message());
  } else if (media->kind == jobs::MediaKind::archive) {
    const auto unpacked = jobs::unpack(input, folder, {}, jobs::Arrange::as_named);
    if (!unpacked) return tl::make_unexpected(unpacked.error());
    fs::remove(input, error);
  } else {
    return bad_input("A data set is an archive of pictures and tables, or a table with pixels in it.");
  }
  out.where = root_of(folder);
  if (Status good = check_names(out.where, folder); !good) return tl::make_unexpected(good.error());
  return out;
}

struct Kept {
  std::string person, pseudonym, label, capture;
};

// Of the demo's people for an account of the demo, of all others for all others.
Result<std::vector<Kept>> items_of(store::Connection& in, const std::string& dataset, bool simulated) {
  const auto rows = in.query(
      "SELECT i.person, p.pseudonym, i.label, i.capture FROM dataset_item i JOIN person p ON p.id = i.person "
      "WHERE i.dataset = $1 AND i.capture IS NOT NULL AND p.simulated = $2 ORDER BY i.id",
      dataset, std::int64_t{simulated});
  if (!rows) return tl::make_unexpected(rows.error());
  std::vector<Kept> out;
  for (const store::Row& row : *rows)
    out.push_back({std::get<std::string>(row[0]), std::get<std::string>(row[1]),
                   std::get<std::string>(row[2]), std::get<std::string>(row[3])});
  return out;
}

// Pictures of those who agree to it now, written out for this job, and a line of the table for each.
Result<std::string> of_people(const jobs::Task& task, store::Database& database, const std::string& dataset,
                              const fs::path& folder, JobSet& out) {
  const UtcTime now =
      std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  std::vector<Kept> items;
  std::map<std::string, bool> may;
  bool simulated = false;
  const Status asked = database.read([&](store::Connection& in) -> Status {
    may.clear();
    const auto demo = archive::is_simulated(in, archive::kAccount, task.lease.account);
    if (!demo) return tl::make_unexpected(demo.error());
    simulated = *demo;
    Result<std::vector<Kept>> found = items_of(in, dataset, simulated);
    if (!found) return tl::make_unexpected(found.error());
    items = std::move(*found);
    for (const Kept& item : items) {
      if (may.contains(item.person)) continue;
      const jobs::Use use{item.person, security::Action::images_read};
      const auto refused = jobs::refused_use(in, task.lease.account, std::span{&use, 1}, now);
      if (!refused) return tl::make_unexpected(refused.error());
      may[item.person] = *refused == nullptr;
    }
    return {};
  });
  if (!asked) return tl::make_unexpected(asked.error());
  std::erase_if(items, [&](const Kept& item) { return !may[item.person]; });
  out.simulated = simulated;
  std::vector<jobs::Use> uses;
  for (const auto& [person, allowed] : may) {
    ++(allowed ? out.people : out.refused);
    if (allowed) uses.push_back({person, security::Action::images_read});
  }
  task.uses(std::move(uses));
  std::string csv;
  std::int64_t number = 0;
  for (const Kept& item : items) {
    if (task.stop.stop_requested()) return failed("stopped");
    std::optional<store::Blob> image;
    const Status read = database.read([&](store::Connection& in) -> Status {
      auto bytes = archive::bytes_of(in, archive::kCapture, item.capture, "image");
      if (!bytes) return tl::make_unexpected(bytes.error());
      image = std::move(*bytes);
      return {};
    });
    if (!read) return tl::make_unexpected(read.error());
    if (!image) continue;  // by retention, or by the person, meanwhile
    const std::string name = std::to_string(++number) + std::string{jobs::media_of(image->bytes).extension};
    if (Status kept = replace_file(folder / name, image->bytes); !kept)
      return tl::make_unexpected(kept.error());
    csv += name + "," + csv_cell(item.label) + "," + csv_cell(item.pseudonym) + "\n";
  }
  return csv;
}

Result<JobSet> of_site(const jobs::Task& task, store::Database& database) {
  const fs::path folder = "set";
  JobSet out{folder / "labels.csv", true};
  std::error_code error;
  fs::create_directory(folder, error);
  std::string csv = "path,label,person\n";
  // A version holds nobody's pictures: what it holds must not change when somebody withdraws.
  if (const std::string dataset = task.lease.request.value("dataset", ""); !dataset.empty()) {
    const Result<std::string> lines = of_people(task, database, dataset, folder, out);
    if (!lines) return tl::make_unexpected(lines.error());
    csv += *lines;
  }
  const auto pictures = site_files(task, database, folder, true);
  if (!pictures) return tl::make_unexpected(pictures.error());
  for (const SiteFile& one : *pictures)
    csv += fs::path(one.file).filename().string() + "," + one.label + ",\n";
  if (csv.find('\n') + 1 == csv.size())
    return bad_input(
        "This data set holds no labelled picture of anybody who agrees to its use and whose study is yours, "
        "and none that shows nobody "
        "of this site.");
  if (Status kept = replace_file(out.where, csv); !kept) return tl::make_unexpected(kept.error());
  return out;
}

}  // namespace

Result<JobSet> job_set(const jobs::Task& task, store::Database& database) {
  const Json& request = task.lease.request;
  return request.contains("dataset") || request.contains("version") ? of_site(task, database)
                                                                    : uploaded(task);
}

std::string picture_id(const std::string& file) {
  const std::string stem = fs::path(file).stem().string();
  return archive::is_id(stem) ? stem : std::string{};
}

Result<std::vector<SiteFile>> site_files(const jobs::Task& task, store::Database& database,
                                         const fs::path& folder, bool labelled) {
  const Json& request = task.lease.request;
  const std::string version = request.value("version", ""), dataset = request.value("dataset", "");
  std::vector<SiteFile> out;
  const Status listed = database.read([&](store::Connection& in) -> Status {
    out.clear();
    const auto rows =
        version.empty()
            ? in.query("SELECT id, name, label FROM dataset_picture WHERE dataset = $1 ORDER BY id", dataset)
            : in.query(
                  "SELECT p.id, p.name, v.label FROM dataset_version_picture v JOIN dataset_picture p ON "
                  "p.id = "
                  "v.picture WHERE v.version_id = $1 ORDER BY p.id",
                  version);
    if (!rows) return tl::make_unexpected(rows.error());
    for (const store::Row& row : *rows) {
      const std::string* label = std::get_if<std::string>(&row[2]);
      if (labelled && label == nullptr) continue;
      out.push_back(
          {"", std::get<std::string>(row[0]), std::get<std::string>(row[1]), label == nullptr ? "" : *label});
    }
    return {};
  });
  if (!listed) return tl::make_unexpected(listed.error());
  if (!version.empty() && out.empty()) return bad_input("There is no such version any more.");
  for (SiteFile& one : out) {
    if (task.stop.stop_requested()) return failed("stopped");
    std::optional<store::Blob> image;
    const Status read = database.read([&](store::Connection& in) -> Status {
      auto bytes = archive::bytes_of(in, archive::kDatasetPicture, one.id, "image");
      if (!bytes) return tl::make_unexpected(bytes.error());
      image = std::move(*bytes);
      return {};
    });
    if (!read) return tl::make_unexpected(read.error());
    if (!image) continue;  // taken out meanwhile
    one.file = (folder / (one.id + std::string{jobs::media_of(image->bytes).extension})).string();
    if (Status kept = replace_file(one.file, image->bytes); !kept) return tl::make_unexpected(kept.error());
  }
  std::erase_if(out, [](const SiteFile& one) { return one.file.empty(); });
  return out;
}

Json options_of(const jobs::Task& task) {
  return task.lease.request.value("options", Json::object());
}

Result<pipeline::WalkSettings> settings_of(const jobs::Task& task, pipeline::WalkSettings settings,
                                           const infer::ModelStore& models) {
  const Json options = options_of(task);
  settings.faces.max_faces = options.value("max_faces", settings.faces.max_faces);
  if (options.contains("detector"))
    settings.faces.detector =
        options["detector"] == "mtcnn" ? face::DetectorKind::mtcnn : face::DetectorKind::blazeface;
  if (options.contains("mesh"))
    settings.faces.mesh = options["mesh"] == "fast" ? face::MeshKind::fast : face::MeshKind::full;
  if (options.contains("head"))
    settings.head = options["head"] == "fer2013" ? signals::Head::fer2013 : signals::Head::product;
  settings.expression_model = options.value("model", settings.expression_model);
  if (models.find(settings.expression_model) == nullptr)
    return bad_input("There is no model \"" + settings.expression_model +
                     "\" here; GET /api/v1/models lists those that there are.");
  // The site's mode goes before what was asked for.
  settings.expressions = settings.expressions && task.expressions && options.value("expressions", true);
  return settings;
}

Status write_json(const jobs::Task& task, const char* name, const nlohmann::json& json) {
  return replace_file(task.output / name,
                      json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

}  // namespace pyro::cli
