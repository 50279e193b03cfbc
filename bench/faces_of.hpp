// For the programs that measure: where the shared data lies, and the faces of a clip or picture as the
// product finds them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "pyro/face/face_finder.hpp"
#include "pyro/face/quality.hpp"
#include "pyro/infer/model_store.hpp"

namespace pyro::bench {

// $PYROMETER_SHARED/data, else ../shared/data beside the repository.
[[nodiscard]] std::filesystem::path shared_data();
// Ends the program with the error's text if there is no value.
template <typename T>
T value_or_exit(Result<T> result);

[[nodiscard]] face::FaceFinder open_finder(const face::FaceOptions& options = {});

struct SeenFrame {
  Seconds time{0};
  std::optional<records::FaceMesh> face;  // the largest one, with its quality judged
};
// Every frame of a clip, regions followed as the walk does it: from two frames before.
[[nodiscard]] std::vector<SeenFrame> faces_of(face::FaceFinder& finder, const std::filesystem::path& clip);
// The largest face of one picture in memory.
[[nodiscard]] std::optional<records::FaceMesh> face_of(face::FaceFinder& finder, const records::Frame& frame);

// What a command prints. Ends the program if it fails.
[[nodiscard]] std::string output_of(const std::string& command);
// Rows of a CSV without quotes that matter; the first row holds the names.
[[nodiscard]] std::vector<std::vector<std::string>> rows_of(const std::filesystem::path& csv);

[[noreturn]] void stop(const std::string& message);

template <typename T>
T value_or_exit(Result<T> result) {
  if (!result) stop(result.error().text());
  return std::move(*result);
}

}  // namespace pyro::bench
