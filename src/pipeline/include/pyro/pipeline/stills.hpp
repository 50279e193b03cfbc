// Faces in single pictures: what predict and evaluate share with the server.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pyro/crop/expression_input.hpp"
#include "pyro/face/face_finder.hpp"
#include "pyro/pipeline/walk.hpp"
#include "pyro/signals/expression_reader.hpp"

namespace pyro::pipeline {

struct StillFace {
  records::FaceMesh mesh;  // empty for a cropped picture
  std::optional<records::Expression>
      expression;                      // nothing where the face is not usable; mesh.quality.reason says why
  std::optional<crop::GreyFace> crop;  // what the expression network sees; nothing where it is not usable
};

// The mesh of a picture that is one cropped face already: the mesh network looks at the whole of it, the
// detector only where that finds nothing. Nothing: there is none. Error: the engine failed.
[[nodiscard]] Result<std::optional<records::FaceMesh>> mesh_of_crop(face::FaceFinder& finder,
                                                                    const crop::GreyFace& face);

class StillReader {
 public:
  // `cropped`: every picture is one face already, and no detector is loaded unless the model reads the mesh.
  [[nodiscard]] static Result<StillReader> create(const infer::ModelStore& models,
                                                  const WalkSettings& settings, bool cropped);

  // The faces of a picture file, best first; none is no error. `at`: of a video, its first frame from that
  // time on. Errors: not a picture, the video ends before, the engine failed.
  [[nodiscard]] Result<std::vector<StillFace>> read(const std::string& file, Seconds at = Seconds{0});
  [[nodiscard]] Result<std::vector<StillFace>> read(const records::Frame& frame);
  // The expression of a face that is 48×48 grey already. Error (wrong_use) where the settings had no
  // expressions.
  [[nodiscard]] Result<records::Expression> read(const crop::GreyFace& face);

 private:
  StillReader() = default;
  bool cropped_ = false;
  face::QualityLimits limits_;
  std::optional<face::FaceFinder> finder_;
  std::optional<signals::ExpressionReader> reader_;
};

}  // namespace pyro::pipeline
