#include "pyro/registry/edge_bundle.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <toml++/toml.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "layout.hpp"
#include "pyro/base/notice.hpp"
#include "pyro/infer/model_forms.hpp"
#include "storage.hpp"

namespace pyro::registry {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 4> kAlways{"face_detector", "face_mesh_478", "face_blendshapes",
                                             "face_geometry"};
constexpr char kExpression[] = "expression";
constexpr char kArchive[] = ".tar.gz";
constexpr char kTop[] = "pyrometer-edge/";  // the folder in an archive

toml::table manifest_row(const infer::ModelEntry& entry) {
  toml::table row{{"name", entry.name},       {"version", entry.version}, {"origin", "own"},
                  {"licence", entry.licence}, {"source", entry.source},   {"card", entry.card}};
  const auto add = [&](const std::string& prefix, const infer::ModelFile& file) {
    if (file.path.empty()) return;
    row.insert(prefix + "path", file.path);
    row.insert(prefix + "bytes", static_cast<std::int64_t>(file.bytes));
    row.insert(prefix + "sha256", file.sha256);
  };
  add("", entry.file);
  add("weights_", entry.weights);
  add("self_test_", entry.self_test);
  if (!entry.as.empty()) row.insert("as", entry.as);
  return row;
}

std::string manifest_text(const std::vector<infer::ModelEntry>& models) {
  toml::array rows;
  for (const infer::ModelEntry& entry : models) rows.push_back(manifest_row(entry));
  std::ostringstream text;
  text << "# Models for a small device; nothing is loaded that does not match its sha256 here.\n"
       << toml::table{{"schema", 1}, {"model", rows}} << "\n";
  return text.str();
}

std::string readme_text(const std::vector<infer::ModelEntry>& models) {
  std::string text = "# Models of Pyrometer for a small device\n\n" + std::string(kNotice) +
                     "\n\nRun from this folder alone: `pyrometer analyze clip.mp4 --models THIS_FOLDER` (or "
                     "`PYROMETER_MODELS`). Check it: "
                     "`pyrometer models verify --models THIS_FOLDER`.\n\n| model | version | licence | from "
                     "|\n|---|---|---|---|\n";
  for (const infer::ModelEntry& entry : models)
    text += "| " + entry.name + " | " + entry.version + " | " + entry.licence + " | " + entry.source + " |\n";
  return text +
         "\nThe text of Apache-2.0 is in `LICENSE`. What each model is for and its limits: its card beside "
         "it.\n";
}

// The model's files into the bundle, below a folder of its name.
Status take(const Place& place, const infer::ModelStore& store, const infer::ModelEntry& from,
            EdgeBundle& bundle) {
  if (Status whole = store.verify(from); !whole) return whole;
  infer::ModelEntry entry = from;
  entry.origin = infer::Origin::own;
  entry.as.clear();
  for (infer::ModelFile* file : {&entry.file, &entry.weights, &entry.self_test}) {
    if (file->path.empty()) continue;
    Result<std::string> content = read_whole(store.path_of(*file, from.origin), file->bytes);
    if (!content) return tl::make_unexpected(content.error());
    file->path = entry.name + "/" + fs::path(file->path).filename().string();
    bundle.files.emplace_back(file->path, std::move(*content));
  }
  const fs::path cards = from.origin == infer::Origin::added ? place.registry : place.models;
  Result<std::string> card = read_whole(cards / from.card, kLongestText);
  if (!card) return tl::make_unexpected(card.error());
  entry.card = entry.name + "/" + fs::path(from.card).filename().string();
  bundle.files.emplace_back(entry.card, std::move(*card));
  bundle.models.push_back(std::move(entry));
  return {};
}

Status write_folder(const EdgeBundle& bundle, const fs::path& out) {
  std::error_code error;
  if (fs::exists(out, error) && !(fs::is_directory(out, error) && fs::is_empty(out, error)))
    return wrong_use(out.string() + " is there already and not an empty folder; choose another --out");
  const fs::path part = out.string() + "." + std::to_string(::getpid()) + ".part";
  const auto fill = [&]() -> Status {
    for (const auto& [path, content] : bundle.files) {
      fs::create_directories((part / path).parent_path(), error);
      if (error) return cannot("create", part, error.value());
      if (Status written = write_durably(part / path, content); !written) return written;
    }
    return publish(part, out);
  };
  Status done = fill();
  if (!done) fs::remove_all(part, error);
  return done;
}

struct ArchiveEnd {
  void operator()(archive* value) const { archive_write_free(value); }
};

Status write_archive(const EdgeBundle& bundle, const fs::path& out) {
  const fs::path part = out.string() + "." + std::to_string(::getpid()) + ".part";
  const std::unique_ptr<archive, ArchiveEnd> writer(archive_write_new());
  const auto fill = [&]() -> bool {
    archive* tar = writer.get();
    if (archive_write_add_filter_gzip(tar) != ARCHIVE_OK ||
        archive_write_set_format_ustar(tar) != ARCHIVE_OK ||
        archive_write_set_filter_option(tar, "gzip", "timestamp", nullptr) != ARCHIVE_OK ||
        archive_write_open_filename(tar, part.c_str()) != ARCHIVE_OK) {
      return false;
    }
    for (const auto& [path, content] : bundle.files) {
      const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(),
                                                                                archive_entry_free);
      archive_entry_set_pathname(entry.get(), (kTop + path).c_str());
      archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
      archive_entry_set_filetype(entry.get(), AE_IFREG);
      archive_entry_set_perm(entry.get(), 0644);
      archive_entry_set_mtime(entry.get(), 0, 0);
      if (archive_write_header(tar, entry.get()) != ARCHIVE_OK ||
          archive_write_data(tar, content.data(), content.size()) !=
              static_cast<la_ssize_t>(content.size())) {
        return false;
      }
    }
    return archive_write_close(tar) == ARCHIVE_OK;
  };
  std::error_code error;
  if (!fill()) {
    const int code = archive_errno(writer.get());
    fs::remove(part, error);
    return cannot("write", out, code > 0 ? code : EIO);
  }
  fs::rename(part, out, error);
  if (!error) return {};
  const int code = error.value();
  fs::remove(part, error);
  return cannot("write", out, code);
}

}  // namespace

Result<EdgeBundle> make_edge_bundle(const Place& place, std::string_view model, std::string_view map) {
  const Result<infer::ModelStore> store = open_store(place);
  if (!store) return tl::make_unexpected(store.error());
  EdgeBundle bundle;
  for (const char* name : kAlways) {
    const infer::ModelEntry* entry = store->find(name);
    if (entry == nullptr)
      return failed(std::string("the model ") + name +
                    " is not among the models; restore models/manifest.toml");
    if (Status taken = take(place, *store, *entry, bundle); !taken) return tl::make_unexpected(taken.error());
  }
  // A fused model works with what "expression" means here; it is not that itself.
  const infer::ModelEntry* wanted = store->find(model);
  const bool fused = wanted != nullptr && infer::is_fused(*wanted);
  const auto add = [&](std::string_view name) -> Status {
    // Says what a name stands for, and runs the self-test.
    const Result<infer::Model> compiled = store->compile(name);
    if (!compiled) return tl::make_unexpected(compiled.error());
    return take(place, *store, *store->find(name), bundle);
  };
  if (Status taken = add(fused ? infer::kFusedPartner : model); !taken)
    return tl::make_unexpected(taken.error());
  if (bundle.models.back().name != kExpression) bundle.models.back().as = kExpression;
  if (fused) {
    if (Status taken = add(model); !taken) return tl::make_unexpected(taken.error());
  }
  if (!map.empty()) {
    if (Status taken = add(map); !taken) return tl::make_unexpected(taken.error());
  }

  Result<std::string> licence = read_whole(place.models.parent_path() / "LICENSE", kLongestText);
  if (!licence) return tl::make_unexpected(licence.error());
  bundle.files.emplace_back("LICENSE", std::move(*licence));
  bundle.files.emplace_back("README.md", readme_text(bundle.models));
  bundle.files.emplace_back("manifest.toml", manifest_text(bundle.models));
  std::ranges::sort(bundle.files);
  return bundle;
}

Status write_edge_bundle(const EdgeBundle& bundle, const fs::path& out) {
  return out.string().ends_with(kArchive) ? write_archive(bundle, out) : write_folder(bundle, out);
}

}  // namespace pyro::registry
