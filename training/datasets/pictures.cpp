#include "datasets/pictures.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "pyro/base/sha256.hpp"

namespace pyro::training {
namespace {

constexpr std::uint64_t kStart = 0xcbf29ce484222325ULL;
constexpr std::uint64_t kPrime = 0x100000001b3ULL;

std::uint64_t with(std::uint64_t hash, std::uint8_t byte) {
  return (hash ^ byte) * kPrime;
}

}  // namespace

std::uint64_t picture_key(const crop::GreyFace& face) {
  std::uint64_t hash = kStart;
  for (const std::uint8_t pixel : face.pixels) {
    hash = with(hash, pixel);
  }
  return hash & 0xffffffffffffULL;
}

Result<std::string> file_fingerprint(const std::vector<std::filesystem::path>& files) {
  std::string all;
  for (const std::filesystem::path& path : files) {
    std::ifstream file(path, std::ios::binary);
    all.append(std::istreambuf_iterator<char>(file), {});
    if (!file || file.bad()) {
      return bad_input(path.string() + ": cannot be read; give a model's .xml with its .bin beside it");
    }
  }
  return sha256_hex(all);
}

std::string data_fingerprint(const std::vector<const Sample*>& samples) {
  std::vector<std::string> each;
  each.reserve(samples.size());
  for (const Sample* sample : samples) {
    std::string bytes(reinterpret_cast<const char*>(sample->face.pixels.data()), sample->face.pixels.size());
    const Distribution nobody{};
    for (const Distribution& target : {sample->labels, sample->votes.value_or(nobody)}) {
      for (const float share : target) {
        std::array<char, 16> text{};
        std::snprintf(text.data(), text.size(), " %.4f", static_cast<double>(share));
        bytes += text.data();
      }
    }
    each.push_back(sha256_hex(bytes));
  }
  std::sort(each.begin(), each.end());
  std::string all;
  for (const std::string& one : each) {
    all += one;
  }
  return sha256_hex(all);
}

nlohmann::json facts_of(const Split& data) {
  std::vector<const Sample*> all;
  nlohmann::json counts;
  for (const auto& [part, samples] : {std::pair{"fit", &data.fit}, std::pair{"held_out", &data.hold_out}}) {
    std::array<int, kClasses> of_class{};
    int unclear = 0;
    for (const Sample& sample : *samples) {
      all.push_back(&sample);
      ++(sample.label ? of_class[static_cast<std::size_t>(*sample.label)] : unclear);
    }
    for (std::size_t c = 0; c < of_class.size(); ++c) {
      counts[part][kClassNames[c]] = of_class[c];
    }
    if (unclear > 0) {
      counts[part]["several_labels"] = unclear;
    }
  }
  return {{"fingerprint", data_fingerprint(all)}, {"counts", counts}};
}

}  // namespace pyro::training
