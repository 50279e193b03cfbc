// Observations that no camera saw: smooth signals with noise in the last digits, as a network's outputs have.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "pyro/records/observation.hpp"

namespace pyro::bench {

inline constexpr std::size_t kFramesPerSecond = 30;

inline std::vector<records::Observation> second_of(std::int64_t session, std::int64_t second) {
  std::vector<records::Observation> rows(kFramesPerSecond);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    records::Observation& row = rows[i];
    const auto frame = second * static_cast<std::int64_t>(kFramesPerSecond) + static_cast<std::int64_t>(i);
    const float t = static_cast<float>(frame) * 0.01F + static_cast<float>(session);
    row.frame = frame;
    row.time = Seconds{static_cast<double>(frame) / static_cast<double>(kFramesPerSecond)};
    row.utc = UtcTime{std::chrono::microseconds{1'767'225'600'000'000 + frame * 33'333}};
    row.face.face_id = 0;
    row.face.box = {
        100 + 9 * std::sin(t), 80 + 7 * std::cos(t), 140 + 3 * std::sin(t), 180 + std::cos(t), 0.9F, {}, 0};
    row.face.pose = {9 * std::sin(t * 1.3F), 5 * std::cos(t), 2 * std::sin(t * 0.7F), {}};
    row.face.has_blendshapes = true;
    for (std::size_t k = 0; k < row.face.blendshapes.size(); ++k)
      row.face.blendshapes[k] = std::abs(std::sin(t * (1 + static_cast<float>(k) * 0.13F)));
    row.face.quality = {180, 0.3F + 0.1F * std::sin(t), 0.5F, 0.2F, 1, 0.999F, records::GapReason::none};
    row.valid = true;
    float sum = 0;
    for (std::size_t k = 0; k < row.expression.p.size(); ++k)
      sum += row.expression.p[k] = 1.01F + std::sin(t + static_cast<float>(k));
    for (float& p : row.expression.p) p /= sum;
    row.fatigue.eye_openness = 0.5F + 0.4F * std::sin(t);
    row.fatigue.perclos = 0.02F;
    row.score.step = std::sin(static_cast<double>(t));
    row.score.index = 50 + 5 * std::sin(static_cast<double>(t));
  }
  return rows;
}

}  // namespace pyro::bench
