// Observations for this room's tests.
#pragma once

#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "pyro/records/observation.hpp"
#include "pyro/score/scorer.hpp"

namespace pyro::report {

// Face 0 in every frame, with numbers that differ from frame to frame; every seventh frame is a gap.
inline records::Observation sample(std::int64_t frame, score::Scorer& scorer) {
  records::Observation row;
  row.frame = frame;
  row.time = Seconds{static_cast<double>(frame) / 29.97};
  row.utc = UtcTime{std::chrono::microseconds{1'767'225'600'000'000 + frame * 33'367}};
  row.face.face_id = 0;
  row.face.box = {10.5F, 20.25F, 100.1F, 120.2F, 0.9F, {}, 0};
  row.face.pose = {1.5F, -2.25F, 0.1F, {}};
  row.face.has_blendshapes = true;
  for (std::size_t i = 0; i < row.face.blendshapes.size(); ++i) {
    row.face.blendshapes[i] = std::abs(std::sin(static_cast<float>(frame) * 0.1F + static_cast<float>(i)));
  }
  row.face.quality.presence = 0.99F;
  row.valid = frame % 7 != 3;
  row.face.quality.reason = row.valid ? records::GapReason::none : records::GapReason::blurred;
  float sum = 0;
  for (std::size_t i = 0; i < row.expression.p.size(); ++i) {
    sum += row.expression.p[i] =
        1.01F + std::sin(static_cast<float>(frame) * 0.37F + static_cast<float>(i) * 1.7F);
  }
  for (float& p : row.expression.p) p /= sum;
  row.fatigue.eye_openness = 0.8F;
  row.fatigue.perclos = 0.02F;
  row.fatigue.eyes_closed = frame % 50 < 3;
  row.fatigue.blinks = static_cast<std::int32_t>(frame / 50);
  row.fatigue.blink_duration_ms = 233.3F;
  row.score = scorer.update(row.time, row.valid, row.expression, row.fatigue);
  return row;
}

// What the walk gives for a frame without a face.
inline records::Observation nobody(std::int64_t frame) {
  records::Observation row;
  row.frame = frame;
  row.time = Seconds{static_cast<double>(frame) / 29.97};
  row.face.quality.reason = records::GapReason::no_face;
  return row;
}

// A folder that is gone after the test.
class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "pyrometer-test-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }

 private:
  std::filesystem::path folder_;
};

inline std::string content(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace pyro::report
