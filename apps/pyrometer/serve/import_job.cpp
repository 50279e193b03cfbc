// The kind "import": pictures of an archive into a data set of the site. A folder that is called like a class
// labels what lies in it.
#include <map>

#include "job_data.hpp"
#include "job_kinds.hpp"
#include "pyro/base/clock.hpp"
#include "pyro/base/files.hpp"
#include "pyro/jobs/media.hpp"
#include "pyro/jobs/unpack.hpp"
#include "pyro/serve/site_pictures.hpp"

namespace pyro::cli {
namespace {

namespace fs = std::filesystem;
using jobs::Json;

constexpr std::size_t kAtOnce = 20;        // pictures in one transaction
constexpr std::size_t kMostSkipped = 200;  // that are told of by name

// By the innermost folder that is called like one.
std::optional<std::string> label_by_folder(const fs::path& file, const fs::path& root) {
  for (fs::path folder = file.parent_path(); folder != root && folder.has_filename();
       folder = folder.parent_path()) {
    if (const auto emotion = datasets::emotion_of(folder.filename().string()))
      return std::string{records::kEmotionNames[static_cast<std::size_t>(*emotion)]};
  }
  return std::nullopt;
}

struct Tally {
  std::int64_t added = 0, there_already = 0, unlabelled = 0, left_out = 0;
  Json skipped = Json::array();

  void skip(const std::string& name, const std::string& reason) {
    ++left_out;
    if (skipped.size() < kMostSkipped) skipped.push_back({{"name", name}, {"reason", reason}});
  }
};

Status keep_all(store::Database& database, const std::string& dataset,
                std::vector<serve::SitePicture>& waiting, Tally& tally) {
  Tally after = tally;
  const Status kept = database.write([&](store::Connection& in) -> Status {
    after = tally;
    const auto row = archive::find(in, archive::kDataset, dataset);
    if (!row) return tl::make_unexpected(row.error());
    if (!*row) return bad_input("There is no such data set any more.");
    for (const serve::SitePicture& one : waiting) {
      const auto made = serve::keep_picture(in, dataset, one, utc_now());
      if (!made && made.error().code == ErrorCode::wrong_use) {
        after.skip(one.name, made.error().message);
        continue;
      }
      if (!made) return tl::make_unexpected(made.error());
      ++(*made ? after.added : after.there_already);
      if (*made && !one.label) ++after.unlabelled;
    }
    return {};
  });
  if (kept) tally = std::move(after);
  waiting.clear();
  return kept;
}

}  // namespace

Result<Json> import_job(const jobs::Task& task, const JobBench& bench, const infer::ModelStore&) {
  const std::string dataset = task.lease.request.at("dataset");
  const fs::path root = "set";
  const auto unpacked = jobs::unpack(task.inputs.front(), root, {}, jobs::Arrange::as_named);
  if (!unpacked) return tl::make_unexpected(unpacked.error());
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& one : fs::recursive_directory_iterator(root, error)) {
    if (one.is_regular_file(error)) files.push_back(one.path());
  }
  std::ranges::sort(files);
  Tally tally;
  std::vector<serve::SitePicture> waiting;
  for (std::size_t i = 0; i < files.size() && !task.stop.stop_requested(); ++i) {
    const std::string name = files[i].lexically_relative(root).string();
    const auto bytes = read_whole(files[i], serve::kMostPictureBytes);
    if (!bytes) {
      tally.skip(name, "it is longer than 2 MiB");
    } else if (auto picture = serve::site_picture(name, label_by_folder(files[i], root), *bytes)) {
      waiting.push_back(std::move(*picture));
    } else {
      tally.skip(name, picture.error().message);
    }
    if (waiting.size() == kAtOnce || i + 1 == files.size()) {
      if (Status kept = keep_all(bench.database, dataset, waiting, tally); !kept)
        return tl::make_unexpected(kept.error());
    }
    task.progress(static_cast<double>(i + 1) / static_cast<double>(files.size()));
  }
  if (tally.added + tally.there_already == 0 && !task.stop.stop_requested())
    return bad_input("This archive holds no JPEG or PNG picture that can be read.");
  return Json{
      {"added", tally.added},       {"there_already", tally.there_already}, {"unlabelled", tally.unlabelled},
      {"left_out", tally.left_out}, {"pictures_skipped", tally.skipped},    {"expressions", false}};
}

}  // namespace pyro::cli
