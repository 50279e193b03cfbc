#include "finetune/finetune.hpp"

#include <chrono>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "datasets/pictures.hpp"
#include "evaluate/predict.hpp"
#include "export/record.hpp"
#include "export/subprocess.hpp"
#include "export/tensors.hpp"
#include "finetune/head.hpp"
#include "fit/checkpoint.hpp"

namespace pyro::training {
namespace {

using nlohmann::json;

class Stopwatch {
 public:
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    const std::chrono::duration<double> taken = now - since_;
    since_ = now;
    return taken.count();
  }

 private:
  std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
};

torch::Tensor tensor_of(const Array& array) {
  const std::vector<int64_t> shape(array.shape.begin(), array.shape.end());
  return torch::tensor(array.values).reshape(shape);
}

// What one call of pyrometer-ir gives: the faces' embeddings and the heads as they are.
Result<Arrays> embed(const std::vector<const crop::GreyFace*>& faces, const FinetuneJob& job) {
  Arrays request;
  request.items["faces"] = array_of(normalised(faces));
  const std::filesystem::path faces_file = job.out / "faces.arrays";
  const std::filesystem::path answer_file = job.out / "embeddings.arrays.part";
  if (Status written = write_arrays(faces_file, request); !written) {
    return tl::make_unexpected(written.error());
  }
  const Result<std::string> said = run_ir({"embed", job.model.string(), faces_file.string(),
                                           answer_file.string(), "--threads=" + std::to_string(job.threads)});
  std::error_code ignored;
  std::filesystem::remove(faces_file, ignored);
  if (!said) {
    return tl::make_unexpected(said.error());
  }
  Result<Arrays> answer = read_arrays(answer_file);
  std::filesystem::remove(answer_file, ignored);
  return answer;
}

struct Embedded {
  Arrays heads;              // and nothing else that is used
  torch::Tensor embeddings;  // [n, e], in the order of the faces
  std::size_t from_cache = 0;
};

std::uint64_t key_at(const Array& keys, std::size_t row) {
  return static_cast<std::uint64_t>(keys.values[2 * row]) |
         static_cast<std::uint64_t>(keys.values[2 * row + 1]) << 24U;
}

// The cache holds rows of one model, told by its fingerprint; another model's are forgotten.
Result<Embedded> embedded(const std::vector<const crop::GreyFace*>& faces, const FinetuneJob& job,
                          const std::string& model_fingerprint) {
  Arrays cache;
  std::unordered_map<std::uint64_t, std::size_t> known;
  if (std::filesystem::exists(job.cache)) {
    if (Result<Arrays> stored = read_arrays(job.cache);
        stored && stored->about.value("model", "") == model_fingerprint) {
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
    Result<Arrays> fresh = embed(missing, job);
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
    cache.about["model"] = model_fingerprint;
    if (Status written = write_arrays(job.cache, cache); !written) {
      return tl::make_unexpected(written.error());
    }
  }
  std::vector<int64_t> order;
  for (const crop::GreyFace* face : faces) {
    order.push_back(static_cast<int64_t>(known.at(picture_key(*face))));
  }
  torch::Tensor rows =
      tensor_of(cache.items["embedding"]).index_select(0, torch::tensor(order, torch::kLong));
  return Embedded{std::move(cache), std::move(rows), from_cache};
}

json judged(const LinearHead& head, const torch::Tensor& embeddings, const std::vector<Sample>& samples) {
  if (samples.empty()) {
    return nullptr;
  }
  const torch::Tensor said = log_probabilities(head, embeddings).argmax(1);
  std::vector<Judged> pairs;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (samples[i].label) {
      pairs.push_back({*samples[i].label, said[static_cast<int64_t>(i)].item<int>()});
    }
  }
  json report = to_json(figures_of(pairs));
  const Interval interval = accuracy_interval(pairs, 1);
  report["accuracy_95"] = {interval.low, interval.high};
  return report;
}

HeadData head_data(const torch::Tensor& embeddings, const std::vector<Sample>& samples) {
  const auto count = static_cast<int64_t>(samples.size());
  HeadData data{embeddings, torch::zeros({count, kClasses}), torch::ones({count})};
  for (int64_t i = 0; i < count; ++i) {
    const Sample& sample = samples[static_cast<std::size_t>(i)];
    std::copy(sample.labels.begin(), sample.labels.end(), data.targets.data_ptr<float>() + i * kClasses);
    data.weights.data_ptr<float>()[i] = sample.weight;
  }
  return data;
}

}  // namespace

Result<json> finetune(const Split& data, const FinetuneJob& job) {
  if (data.fit.size() < static_cast<std::size_t>(job.folds)) {
    return bad_input("there are only " + std::to_string(data.fit.size()) +
                     " pictures to learn from; at least " + std::to_string(job.folds) + " are needed");
  }
  std::error_code error;
  std::filesystem::create_directories(job.out, error);
  if (error) {
    return failed(job.out.string() + ": cannot be created; choose another --out", error.message());
  }
  const Result<std::string> fingerprint =
      file_fingerprint({job.model, std::filesystem::path(job.model).replace_extension(".bin")});
  if (!fingerprint) {
    return tl::make_unexpected(fingerprint.error());
  }
  Stopwatch watch;
  std::vector<const crop::GreyFace*> faces;
  for (const std::vector<Sample>* part : {&data.fit, &data.hold_out}) {
    for (const Sample& sample : *part) {
      faces.push_back(&sample.face);
    }
  }
  Result<Embedded> all = embedded(faces, job, *fingerprint);
  if (!all) {
    return tl::make_unexpected(all.error());
  }
  const double embed_s = watch.lap();
  const auto fit_count = static_cast<int64_t>(data.fit.size());
  const torch::Tensor fit_rows = all->embeddings.slice(0, 0, fit_count);
  const torch::Tensor held_rows = all->embeddings.slice(0, fit_count);
  const LinearHead parent{tensor_of(all->heads.items[job.head + ".weight"]),
                          tensor_of(all->heads.items[job.head + ".bias"])};
  const HeadData fit_data = head_data(fit_rows, data.fit);
  const double pull = choose_pull(fit_data, parent, job.folds, job.seed);
  const LinearHead head = fit_head(fit_data, parent, pull);
  const double fit_s = watch.lap();

  Arrays heads;
  heads.items[job.head + ".weight"] = array_of(head.weight);
  heads.items[job.head + ".bias"] = array_of(head.bias);
  const std::filesystem::path heads_file = job.out / "heads.arrays";
  if (Status written = write_arrays(heads_file, heads); !written) {
    return tl::make_unexpected(written.error());
  }
  const Result<std::string> replaced = run_ir(
      {"replace-heads", job.model.string(), heads_file.string(), (job.out / "expression.xml").string()});
  std::filesystem::remove(heads_file, error);
  if (!replaced) {
    return tl::make_unexpected(replaced.error());
  }
  const json report{{"head", job.head},
                    {"n_fit", data.fit.size()},
                    {"n_hold_out", data.hold_out.size()},
                    {"pull", pull},
                    {"folds", job.folds},
                    {"seed", job.seed},
                    {"before", judged(parent, held_rows, data.hold_out)},
                    {"after", judged(head, held_rows, data.hold_out)},
                    {"embeddings_from_cache", all->from_cache},
                    {"seconds", {{"embed", embed_s}, {"fit", fit_s}, {"write", watch.lap()}}}};
  const json record = record_of_finetuned(facts_of(data), report);
  for (const auto& [name, content] :
       {std::pair{"finetune.json", &report}, std::pair{"record.json", &record}}) {
    if (Status written = write_file(job.out / name, content->dump(2) + "\n"); !written) {
      return tl::make_unexpected(written.error());
    }
  }
  return report;
}

}  // namespace pyro::training
