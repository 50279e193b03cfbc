// BlazeFace short range (Bazarevsky et al. 2019): faces in the whole picture, with six points each. Private
// to the room.
#pragma once

#include <array>
#include <vector>

#include "crop.hpp"
#include "detector.hpp"
#include "pyro/infer/model_store.hpp"

namespace pyro::face {

class BlazeFace final : public Detector {
 public:
  static Result<std::unique_ptr<Detector>> create(const infer::ModelStore& store, const FaceOptions& options);

  Status detect(const records::Frame& frame, Search search, std::vector<records::FaceBox>& out) override;
  [[nodiscard]] records::FaceRegion region_of(const records::FaceBox& box) const override;

 private:
  explicit BlazeFace(infer::Network network, const FaceOptions& options);
  // Looks in this upright square and adds what is not in `out` yet.
  Status look(const records::Frame& frame, const records::FaceRegion& square,
              std::vector<records::FaceBox>& out);
  void decode(const records::FaceRegion& square);
  void merge(std::vector<records::FaceBox>& out);

  infer::Network network_;
  Cropper cropper_;
  float min_score_, max_overlap_;
  bool small_faces_;
  std::vector<records::FaceBox> candidates_, cluster_;
};

}  // namespace pyro::face
