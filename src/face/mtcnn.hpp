// MTCNN (Zhang et al. 2016): a cascade of three small networks over an image pyramid; five points per face.
// Private to the room. Thresholds, pyramid factor and rounding are those of the weights' origin,
// facenet-pytorch 2.6.0.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "detector.hpp"
#include "pyro/infer/network.hpp"
#include "rgb_rows.hpp"

namespace pyro::face {

class Mtcnn final : public Detector {
 public:
  static Result<std::unique_ptr<Detector>> create(const infer::ModelStore& store, const FaceOptions& options);

  Status detect(const records::Frame& frame, Search search, std::vector<records::FaceBox>& out) override;
  [[nodiscard]] records::FaceRegion region_of(const records::FaceBox& box) const override;

 private:
  // Corners, so that the arithmetic is the original's; x2 and y2 belong to the box.
  struct Candidate {
    float x1, y1, x2, y2, score;
    std::array<float, 4> shift;  // correction of the corners in shares of the box's size
  };

  Mtcnn(infer::Network proposals, infer::Network refinement, infer::Network output, float min_face_px)
      : proposals_(std::move(proposals)),
        refinement_(std::move(refinement)),
        output_(std::move(output)),
        min_face_px_(min_face_px) {}

  // Mean colours of the frame's part [x, x+width) × [y, y+height), scaled to 3 × out_height × out_width
  // planes.
  void shrink(int x, int y, int width, int height, int out_width, int out_height, std::span<float> out) const;
  Status propose(float scale);
  // Crops the candidates to side × side, runs the network on all of them at once.
  Status look_closer(infer::Network& network, int side);
  static void keep_best(std::vector<Candidate>& candidates, float most_overlap, bool of_smaller = false);

  infer::Network proposals_, refinement_, output_;
  float min_face_px_;
  // The whole frame: unlike the other networks, the pyramid reads every pixel.
  RgbWindow rgb_;
  std::vector<Candidate> candidates_, level_;
};

}  // namespace pyro::face
