// Faces in single pictures: what predict and evaluate share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pyro/crop/expression_input.hpp"
#include "pyro/face/face_finder.hpp"
#include "pyro/pipeline/walk.hpp"

namespace pyro::cli {

struct StillFace {
  records::FaceMesh mesh;  // empty for a cropped picture
  std::optional<records::Expression>
      expression;  // nothing where the face is not usable; mesh.quality.reason says why
};

class StillReader {
 public:
  // `cropped`: every picture is one face already, and no detector is loaded.
  [[nodiscard]] static Result<StillReader> create(const infer::ModelStore& models,
                                                  const pipeline::WalkSettings& settings, bool cropped);

  // The faces of a picture file, best first; none is no error. Errors: not a picture, the engine failed.
  [[nodiscard]] Result<std::vector<StillFace>> read(const std::string& file);
  // The expression of a face that is 48×48 grey already. Error (wrong_use) where the settings had no
  // expressions.
  [[nodiscard]] Result<records::Expression> read(const crop::GreyFace& face);

 private:
  StillReader() = default;
  face::QualityLimits limits_;
  std::optional<face::FaceFinder> finder_;
  std::optional<signals::ExpressionNet> net_;
};

}  // namespace pyro::cli
