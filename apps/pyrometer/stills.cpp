#include "stills.hpp"

#include "pyro/capture/source.hpp"
#include "pyro/crop/aligned_crop.hpp"
#include "pyro/crop/whole_picture.hpp"

namespace pyro::cli {

Result<StillReader> StillReader::create(const infer::ModelStore& models,
                                        const pipeline::WalkSettings& settings, bool cropped) {
  StillReader reader;
  reader.limits_ = settings.quality;
  if (!cropped) {
    Result<face::FaceFinder> finder = face::FaceFinder::create(models, settings.faces);
    if (!finder) return tl::make_unexpected(finder.error());
    reader.finder_.emplace(std::move(*finder));
  }
  if (settings.expressions) {
    auto net =
        signals::ExpressionNet::create(models, settings.expression_model, settings.head, settings.precision);
    if (!net) return tl::make_unexpected(net.error());
    reader.net_.emplace(std::move(*net));
  }
  return reader;
}

Result<std::vector<StillFace>> StillReader::read(const std::string& file) {
  Result<std::unique_ptr<capture::Source>> source = capture::open(file);
  if (!source) return tl::make_unexpected(source.error());
  const Result<std::optional<records::Frame>> next = (*source)->next();
  if (!next) return tl::make_unexpected(next.error());
  const std::optional<records::Frame>& frame = *next;
  if (!frame) return bad_input("'" + file + "' holds no picture: give a jpeg, png, webp or bmp file");
  std::vector<StillFace> faces;
  if (!finder_) {
    faces.emplace_back();
    if (net_) {
      Result<records::Expression> expression = net_->read(crop::whole(*frame));
      if (!expression) return tl::make_unexpected(expression.error());
      faces.back().expression = *expression;
    }
    return faces;
  }
  std::vector<records::FaceMesh> meshes;
  if (Status found = finder_->find(*frame, {}, face::Search::thorough(), meshes); !found)
    return tl::make_unexpected(found.error());
  for (const records::FaceMesh& mesh : meshes) {
    StillFace face{mesh, std::nullopt};
    face.mesh.quality.reason = face::judge_quality(mesh, limits_);
    if (net_ && face.mesh.quality.reason == records::GapReason::none) {
      Result<records::Expression> expression = net_->read(crop::align(*frame, mesh));
      if (!expression) return tl::make_unexpected(expression.error());
      face.expression = *expression;
    }
    faces.push_back(face);
  }
  return faces;
}

Result<records::Expression> StillReader::read(const crop::GreyFace& face) {
  if (!net_) return wrong_use("expressions are switched off: leave out --no-expressions");
  return net_->read(face);
}

}  // namespace pyro::cli
