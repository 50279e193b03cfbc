#include "evaluate/outputs.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "datasets/pictures.hpp"
#include "evaluate/evaluate.hpp"
#include "evaluate/predict.hpp"
#include "export/tensors.hpp"

namespace pyro::training {
namespace {

std::array<float, 2> as_floats(std::uint64_t key) {
  return {static_cast<float>(key & 0xffffffU), static_cast<float>(key >> 24U)};
}

crop::GreyFace mirrored(const crop::GreyFace& face) {
  crop::GreyFace mirror;
  for (std::size_t at = 0; at < face.pixels.size(); ++at) {
    const std::size_t column = at % crop::kExpressionSide;
    mirror.pixels[at] = face.pixels[at - column + (crop::kExpressionSide - 1 - column)];
  }
  return mirror;
}

}  // namespace

Result<nlohmann::json> save_outputs(const std::filesystem::path& weights, const std::vector<Source>& data,
                                    const std::filesystem::path& out) {
  Result<NetPtr> net = load_net(weights);
  if (!net) {
    return tl::make_unexpected(net.error());
  }
  const Result<std::vector<Sample>> read = read_samples(data);
  if (!read) {
    return tl::make_unexpected(read.error());
  }
  const std::vector<Sample>& samples = *read;
  std::vector<crop::GreyFace> mirrors;
  std::vector<const crop::GreyFace*> faces;
  std::vector<const crop::GreyFace*> mirrored_faces;
  Array pixels{{samples.size(), 2}, {}};
  mirrors.reserve(samples.size());
  for (const Sample& sample : samples) {
    mirrors.push_back(mirrored(sample.face));
    faces.push_back(&sample.face);
    mirrored_faces.push_back(&mirrors.back());
    const std::array<float, 2> hash = as_floats(picture_key(sample.face));
    pixels.values.insert(pixels.values.end(), hash.begin(), hash.end());
  }
  const Probabilities plain = predict(**net, faces);
  const Probabilities mirror = predict(**net, mirrored_faces);
  Arrays arrays;
  arrays.about = {{"weights", weights.filename().string()}, {"classes", kClassNames}};
  arrays.items["product"] = array_of((plain.product + mirror.product) / 2);
  arrays.items["fer2013"] = array_of((plain.fer2013 + mirror.fer2013) / 2);
  arrays.items["pixels"] = std::move(pixels);
  if (Status status = write_arrays(out, arrays); !status) {
    return tl::make_unexpected(status.error());
  }
  return nlohmann::json{{"n", samples.size()}, {"out", out.string()}};
}

Status add_teachers(std::vector<Sample>& samples, const std::vector<std::filesystem::path>& files) {
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> known;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    known[picture_key(samples[i].face)].push_back(i);
  }
  std::vector<int> counts(samples.size(), 0);
  for (const std::filesystem::path& file : files) {
    Result<Arrays> arrays = read_arrays(file);
    if (!arrays) {
      return tl::make_unexpected(arrays.error());
    }
    const Array& pixels = arrays->items["pixels"];
    const Array& product = arrays->items["product"];
    const Array& fer2013 = arrays->items["fer2013"];
    const std::size_t rows = pixels.values.size() / 2;
    if (product.values.size() != rows * kClasses || fer2013.values.size() != rows * kClasses) {
      return bad_input(file.string() +
                       ": holds no teacher's outputs; make them with pyrometer-train outputs");
    }
    std::size_t found = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      const auto low = static_cast<std::uint64_t>(pixels.values[2 * row]);
      const auto high = static_cast<std::uint64_t>(pixels.values[2 * row + 1]);
      const auto at = known.find(low | high << 24U);
      for (const std::size_t i : at == known.end() ? std::vector<std::size_t>{} : at->second) {
        ++found;
        ++counts[i];
        Taught& teacher = samples[i].teacher ? *samples[i].teacher : samples[i].teacher.emplace();
        for (std::size_t k = 0; k < kClasses; ++k) {
          teacher.product[k] += product.values[row * kClasses + k];
          teacher.fer2013[k] += fer2013.values[row * kClasses + k];
        }
      }
    }
    if (found == 0) {
      return bad_input(file.string() + ": knows none of the pictures; save the outputs for the same --data");
    }
  }
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (samples[i].teacher) {
      for (std::size_t k = 0; k < kClasses; ++k) {
        samples[i].teacher->product[k] /= static_cast<float>(counts[i]);
        samples[i].teacher->fer2013[k] /= static_cast<float>(counts[i]);
      }
    }
  }
  return {};
}

}  // namespace pyro::training
