#include "faces_of.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "pyro/capture/source.hpp"

namespace pyro::bench {

namespace {

std::optional<records::FaceMesh> largest(const records::Frame& frame, std::vector<records::FaceMesh>& faces) {
  const auto best = std::ranges::max_element(
      faces, {}, [](const records::FaceMesh& face) { return face.box.width * face.box.height; });
  if (best == faces.end()) return std::nullopt;
  face::measure_quality(frame, *best);
  best->quality.reason = face::judge_quality(*best, face::QualityLimits{});
  return *best;
}

}  // namespace

void stop(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  std::exit(1);
}

std::filesystem::path shared_data() {
  const char* shared = std::getenv("PYROMETER_SHARED");
  const std::filesystem::path root = PYRO_SOURCE_DIR;
  const std::filesystem::path data =
      (shared != nullptr ? std::filesystem::path(shared) : root.parent_path() / "shared") / "data";
  if (!std::filesystem::exists(data))
    stop(data.string() + " is missing; set PYROMETER_SHARED to the folder that holds data/");
  return data;
}

face::FaceFinder open_finder(const face::FaceOptions& options) {
  const std::filesystem::path root = PYRO_SOURCE_DIR;
  const char* home = std::getenv("PYROMETER_HOME");
  const auto store =
      value_or_exit(infer::ModelStore::open({root / "models", home != nullptr ? home : root / ".pyrometer"}));
  return value_or_exit(face::FaceFinder::create(store, options));
}

std::vector<SeenFrame> faces_of(face::FaceFinder& finder, const std::filesystem::path& clip) {
  const auto source = value_or_exit(capture::open(clip.string()));
  std::array<std::vector<records::FaceRegion>, 2> regions;
  std::vector<records::FaceMesh> faces;
  std::vector<SeenFrame> seen;
  while (true) {
    auto next = source->next();
    if (!next) {
      std::fprintf(stderr, "%s: %s\n", clip.filename().c_str(), next.error().text().c_str());
      break;
    }
    if (!*next) break;
    const records::Frame& frame = **next;
    auto& known = regions[seen.size() % 2];
    if (const Status found = finder.find(
            frame, known, known.empty() ? face::Search::quick(frame.index) : face::Search::nowhere(), faces);
        !found)
      stop(found.error().text());
    known.clear();
    for (const records::FaceMesh& face : faces) known.push_back(face::region_of(face));
    seen.push_back({frame.time, largest(frame, faces)});
  }
  return seen;
}

std::optional<records::FaceMesh> face_of(face::FaceFinder& finder, const records::Frame& frame) {
  std::vector<records::FaceMesh> faces;
  if (const Status found = finder.find(frame, {}, face::Search::thorough(), faces); !found)
    stop(found.error().text());
  return largest(frame, faces);
}

std::string output_of(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) stop("cannot start: " + command);
  std::string output;
  std::array<char, 65536> block;
  for (std::size_t n = 0; (n = std::fread(block.data(), 1, block.size(), pipe)) > 0;)
    output.append(block.data(), n);
  if (pclose(pipe) != 0) stop("failed: " + command);
  return output;
}

std::vector<std::vector<std::string>> rows_of(const std::filesystem::path& csv) {
  std::ifstream file(csv);
  if (!file) stop("cannot read " + csv.string());
  std::vector<std::vector<std::string>> rows;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    rows.emplace_back();
    for (std::string cell; std::getline(cells, cell, ',');) rows.back().push_back(cell);
  }
  return rows;
}

}  // namespace pyro::bench
