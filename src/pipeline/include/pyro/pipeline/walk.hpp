// The way of the data, written once: Frame → faces → expression and fatigue → score → Observation → sinks.
//
// Two frames may be in flight at once. So that results never depend on the number of threads, the region of a
// face in frame t always comes from its landmarks in frame t − 2 (or t − 3 where it was not seen in t − 2),
// and whether the detector looks for new faces depends on time stamps alone. Pictures that stand alone know
// nothing of each other. What has memory (tracking, fatigue, score) runs in frame order, one frame at a time.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stop_token>
#include <string>

#include "pyro/base/result.hpp"
#include "pyro/capture/source.hpp"
#include "pyro/face/face_finder.hpp"
#include "pyro/face/quality.hpp"
#include "pyro/face/tracker.hpp"
#include "pyro/infer/model_store.hpp"
#include "pyro/records/observation.hpp"
#include "pyro/score/scorer.hpp"
#include "pyro/signals/expression_net.hpp"

namespace pyro::pipeline {

struct WalkSettings {
  int threads = 2;               // frames in flight: 1 or 2
  std::size_t queue_frames = 8;  // decoded frames that may wait
  face::FaceOptions faces;       // how many, which detector, which mesh
  face::QualityLimits quality;   // below them a face is a gap
  face::TrackerOptions tracking;
  Seconds look_for_new_faces_every{0.5};  // while some face is followed; without one, every frame looks
  bool expressions = true;                // false: fatigue only, no expression is computed at all
  std::string expression_model = "expression";
  signals::Head head = signals::Head::product;
  infer::Precision precision = infer::Precision::f32;
  score::ScoreSettings score;
};

// Takes what was seen of each frame, in frame order, from one thread at a time. An error ends the walk.
class Sink {
 public:
  virtual ~Sink() = default;
  // One observation per face, or exactly one without a face (face_id −1 and the reason). Frame and
  // observations are valid during the call; a copy of the Frame keeps its pixels.
  virtual Status take(const records::Frame& frame, std::span<const records::Observation> faces) = 0;
};

struct WalkSummary {
  std::int64_t frames = 0;       // frames that came out
  std::int64_t faces = 0;        // faces seen in them, summed
  std::int64_t valid_faces = 0;  // of these, usable
  std::int64_t dropped = 0;      // live source: frames dropped because nobody was ready
  Seconds last_time{0};          // of the last frame
  std::array<std::int64_t, records::kGapReasonNames.size()> gaps{};  // observations by reason
};

// A walk's networks are loaded once and serve any number of sources, one after the other.
class Walk {
 public:
  [[nodiscard]] static Result<Walk> create(const infer::ModelStore& models, const WalkSettings& settings);
  ~Walk();
  Walk(Walk&&) noexcept;
  Walk& operator=(Walk&&) noexcept;

  // Until the source ends, `stop` is asked for, or something fails. The summary is filled also when an error
  // is returned: everything before the error has reached the sink.
  Status run(std::unique_ptr<capture::Source> source, Sink& sink, const std::stop_token& stop,
             WalkSummary& summary);

 private:
  struct Impl;
  explicit Walk(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pyro::pipeline
