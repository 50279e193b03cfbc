// The picture that a person looks at: the frame with box, mesh and id of each face, and beside it bars,
// gauge, fatigue cues and a rolling plot. Draws only what the observations hold; what is not known is shown
// as "–".
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "pyro/records/observation.hpp"

namespace pyro::overlay {

struct OverlayOptions {
  int width = 1280;        // px of the whole picture
  int height = 720;        // px
  Seconds plot_span{60};   // how far back the plot reaches
  std::string model_line;  // "expression 0.1.0 · thesis": shown in the footer beside the no-diagnosis line
  bool show_mesh = true;
  double score_min = -1, score_max = 1;  // range of S_t for the weights in force, the plot's axis
};

// What the footer says of the stream.
struct StreamState {
  double frames_per_second = 0;
  std::int64_t dropped = 0;
  bool recording = false;
};

// Pixels as cairo and SDL want them: 32-bit BGRX, top row first.
struct Picture {
  int width = 0, height = 0, stride_bytes = 0;
  const std::uint8_t* data = nullptr;
};

// Converts the frame's YUV to BGRX (width × height × 4 bytes into `out`, stride 4·width). Grey where there is
// no chroma.
void to_bgrx(const records::Frame& frame, std::vector<std::uint8_t>& out);

// Not thread-safe; one per window or recording. Keeps the plot's history.
class Overlay {
 public:
  explicit Overlay(OverlayOptions options);
  ~Overlay();
  Overlay(Overlay&&) noexcept;
  Overlay& operator=(Overlay&&) noexcept;

  // Takes one frame's observations into the history (call for every frame, also for those that are not
  // drawn).
  void add(std::span<const records::Observation> faces);
  // Draws frame and state; the picture is valid until the next call.
  [[nodiscard]] Picture draw(const records::Frame& frame, std::span<const records::Observation> faces,
                             const StreamState& state);
  // Only the frame with box, mesh and id on it, in the frame's own size: for annotated recordings.
  [[nodiscard]] Picture draw_on_frame(const records::Frame& frame,
                                      std::span<const records::Observation> faces);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pyro::overlay
