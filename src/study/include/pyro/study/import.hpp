// Recordings that other tools have read, as runs of ours: what they give is taken over, what they do not give
// stays empty.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/base/time.hpp"
#include "pyro/score/settings.hpp"

namespace pyro::study {

enum class Layout : std::uint8_t {
  openface2,  // FeatureExtraction and FaceLandmarkVidMulti of OpenFace 2
  pyfeat,     // py-feat's Fex table as CSV
};

struct ImportOptions {
  Layout layout = Layout::openface2;
  // Frames a second of the video; py-feat needs it, as its approx_time has whole seconds only.
  std::optional<double> fps;
  UtcTime start{};  // wall clock at the video's start
  score::ScoreSettings score;
  std::string software_version;
};

struct Imported {
  std::int64_t rows = 0, valid = 0;
  bool scored = false;
  std::vector<std::string> notes;  // what could not be taken over, and what it means
};

// Reads `csv` and writes a run's folder. docs/study.md says which column becomes which. Errors (bad_input)
// name file, line and column; wrong_use: fps is missing.
[[nodiscard]] Result<Imported> import_run(const std::filesystem::path& csv,
                                          const std::filesystem::path& folder, const ImportOptions& options);

}  // namespace pyro::study
