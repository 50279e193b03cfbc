#include "finetune/embeddings.hpp"

#include <unordered_map>

#include "datasets/pictures.hpp"
#include "evaluate/predict.hpp"
#include "export/subprocess.hpp"
#include "export/tensors.hpp"

namespace pyro::training {
namespace {

torch::Tensor tensor_of(const Array& array) {
  const std::vector<int64_t> shape(array.shape.begin(), array.shape.end());
  return torch::tensor(array.values).reshape(shape);
}

// What one call of pyrometer-ir gives: the faces' embeddings and the heads as they are.
Result<Arrays> embed(const std::vector<const crop::GreyFace*>& faces, const EmbeddingSource& source) {
  Arrays request;
  request.items["faces"] = array_of(normalised(faces));
  const std::filesystem::path faces_file = source.scratch / "faces.arrays";
  const std::filesystem::path answer_file = source.scratch / "embeddings.arrays.part";
  if (Status written = write_arrays(faces_file, request); !written) {
    return tl::make_unexpected(written.error());
  }
  const Result<std::string> said =
      run_ir({"embed", source.model.string(), faces_file.string(), answer_file.string(),
              "--threads=" + std::to_string(source.threads)});
  std::error_code ignored;
  std::filesystem::remove(faces_file, ignored);
  if (!said) {
    return tl::make_unexpected(said.error());
  }
  Result<Arrays> answer = read_arrays(answer_file);
  std::filesystem::remove(answer_file, ignored);
  return answer;
}

std::uint64_t key_at(const Array& keys, std::size_t row) {
  return static_cast<std::uint64_t>(keys.values[2 * row]) |
         static_cast<std::uint64_t>(keys.values[2 * row + 1]) << 24U;
}

LinearHead head_in(const Arrays& arrays, const std::string& name) {
  return {tensor_of(arrays.items.at(name + ".weight")), tensor_of(arrays.items.at(name + ".bias"))};
}

}  // namespace

Result<Embedded> embedded(const std::vector<const crop::GreyFace*>& faces, const EmbeddingSource& source) {
  const Result<std::string> fingerprint =
      file_fingerprint({source.model, std::filesystem::path(source.model).replace_extension(".bin")});
  if (!fingerprint) {
    return tl::make_unexpected(fingerprint.error());
  }
  Arrays cache;
  std::unordered_map<std::uint64_t, std::size_t> known;
  if (std::filesystem::exists(source.cache)) {
    if (Result<Arrays> stored = read_arrays(source.cache);
        stored && stored->about.value("model", "") == *fingerprint) {
      cache = std::move(*stored);
      for (std::size_t row = 0; row < cache.items["keys"].values.size() / 2; ++row) {
        known.emplace(key_at(cache.items["keys"], row), row);
      }
    }
  }
  std::vector<const crop::GreyFace*> missing;
  std::vector<std::uint64_t> missing_keys;
  for (const crop::GreyFace* face : faces) {
    if (!known.contains(picture_key(*face))) {
      known.emplace(picture_key(*face), known.size());
      missing.push_back(face);
      missing_keys.push_back(picture_key(*face));
    }
  }
  const std::size_t from_cache = faces.size() - missing.size();
  if (!missing.empty() || cache.items.empty()) {
    Result<Arrays> fresh = embed(missing, source);
    if (!fresh) {
      return tl::make_unexpected(fresh.error());
    }
    const auto append = [](Array& to, const Array& more) {
      to.values.insert(to.values.end(), more.values.begin(), more.values.end());
      to.shape = {to.values.size() / more.shape.at(1), more.shape.at(1)};
    };
    Array keys{{missing.size(), 2}, {}};
    for (const std::uint64_t key : missing_keys) {
      keys.values.push_back(static_cast<float>(key & 0xffffffU));
      keys.values.push_back(static_cast<float>(key >> 24U));
    }
    append(cache.items["keys"], keys);
    append(cache.items["embedding"], fresh->items["embedding"]);
    for (const auto& [name, array] : fresh->items) {
      if (name != "embedding") {
        cache.items[name] = array;
      }
    }
    cache.about["model"] = *fingerprint;
    if (Status written = write_arrays(source.cache, cache); !written) {
      return tl::make_unexpected(written.error());
    }
  }
  std::vector<int64_t> order;
  for (const crop::GreyFace* face : faces) {
    order.push_back(static_cast<int64_t>(known.at(picture_key(*face))));
  }
  torch::Tensor rows =
      tensor_of(cache.items["embedding"]).index_select(0, torch::tensor(order, torch::kLong));
  return Embedded{std::move(rows), head_in(cache, "product"), head_in(cache, "fer2013"), from_cache};
}

}  // namespace pyro::training
