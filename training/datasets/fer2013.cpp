#include "datasets/fer2013.hpp"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "pyro/datasets/idx.hpp"
#include "pyro/datasets/random.hpp"

namespace pyro::training {

using datasets::Random;
using datasets::shuffle;
namespace {

std::string_view pixels_of(const crop::GreyFace& face) {
  // A view as characters, for hashing only; unsigned and plain char may alias anything.
  return {static_cast<const char*>(static_cast<const void*>(face.pixels.data())), face.pixels.size()};
}

}  // namespace

Result<std::vector<Picture>> read_fer2013(const std::filesystem::path& dir, Part part) {
  const std::string stem = part == Part::training ? "fer2013-train" : "fer2013-public";
  const std::filesystem::path images_path = dir / (stem + "-images-idx3-ubyte.gz");
  Result<datasets::IdxArray> images = datasets::read_idx(images_path);
  if (!images) {
    return tl::make_unexpected(images.error());
  }
  Result<datasets::IdxArray> labels = datasets::read_idx(dir / (stem + "-labels-idx1-ubyte.gz"));
  if (!labels) {
    return tl::make_unexpected(labels.error());
  }
  const std::vector<std::uint32_t>& dims = images->dims;
  if (dims.size() != 3 || dims[1] != crop::kExpressionSide || dims[2] != crop::kExpressionSide ||
      dims[0] == 0) {
    return bad_input(images_path.string() + ": does not hold 48×48 pictures; use FER2013 as IDX");
  }
  const std::filesystem::path csv_path = dir / (stem + ".csv");
  Result<std::vector<datasets::FerRow>> rows = datasets::read_fer2013_csv(csv_path);
  if (!rows) {
    return tl::make_unexpected(rows.error());
  }
  const std::size_t count = dims[0];
  if (labels->dims != std::vector<std::uint32_t>{dims[0]} || rows->size() != count) {
    return bad_input(dir.string() + ": " + stem + " has " + std::to_string(count) + " pictures, " +
                     std::to_string(labels->bytes.size()) + " labels and " + std::to_string(rows->size()) +
                     " CSV rows; the three files must belong together");
  }
  std::vector<Picture> pictures(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto at = images->bytes.begin() + static_cast<std::ptrdiff_t>(i * crop::kExpressionPixels);
    std::copy_n(at, crop::kExpressionPixels, pictures[i].face.pixels.begin());
    if ((*rows)[i].label != labels->bytes[i]) {
      return bad_input(csv_path.string() + ": row " + std::to_string(i) +
                       " has another label than the IDX file; the files must belong together");
    }
    pictures[i].label = (*rows)[i].label;
    pictures[i].votes = (*rows)[i].votes;
  }
  return pictures;
}

std::vector<Sample> merge_twins(const std::vector<Picture>& pictures) {
  struct Group {
    const Picture* first;
    std::array<int, kClasses> labels{};
    std::optional<Votes> votes;
  };
  std::vector<Group> groups;
  std::unordered_map<std::string_view, std::size_t> seen;
  for (const Picture& picture : pictures) {
    const auto [at, fresh] = seen.try_emplace(pixels_of(picture.face), groups.size());
    if (fresh) {
      groups.push_back({&picture, {}, std::nullopt});
    }
    Group& group = groups[at->second];
    ++group.labels[static_cast<std::size_t>(picture.label)];
    if (picture.votes) {
      Votes sum = group.votes.value_or(Votes{});
      std::transform(sum.begin(), sum.end(), picture.votes->begin(), sum.begin(), std::plus<>());
      group.votes = sum;
    }
  }
  std::vector<Sample> samples;
  samples.reserve(groups.size());
  for (const Group& group : groups) {
    Sample sample;
    sample.face = group.first->face;
    const int copies = std::accumulate(group.labels.begin(), group.labels.end(), 0);
    for (std::size_t i = 0; i < sample.labels.size(); ++i) {
      sample.labels[i] = static_cast<float>(group.labels[i]) / static_cast<float>(copies);
      if (group.labels[i] == copies) {
        sample.label = static_cast<int>(i);
      }
    }
    if (group.votes) {
      sample.votes = vote_distribution(*group.votes);
      sample.majority = vote_majority(*group.votes);
    }
    samples.push_back(sample);
  }
  return samples;
}

std::vector<bool> twins_of(const std::vector<Picture>& pictures, const std::vector<Picture>& others) {
  std::unordered_set<std::string_view> known;
  for (const Picture& other : others) {
    known.insert(pixels_of(other.face));
  }
  std::vector<bool> twins(pictures.size());
  std::transform(pictures.begin(), pictures.end(), twins.begin(),
                 [&](const Picture& picture) { return known.contains(pixels_of(picture.face)); });
  return twins;
}

Split split(std::vector<Sample> samples, double fraction, std::uint64_t seed) {
  Random random(seed);
  shuffle(std::span<Sample>(samples), random);
  const auto wanted = static_cast<std::size_t>(fraction * static_cast<double>(samples.size()));
  const bool told = std::any_of(samples.begin(), samples.end(), [](const Sample& s) { return s.validation; });
  // The first picture of a person that is met decides for all of that person.
  std::unordered_map<std::string, bool> persons;
  std::size_t held = 0;
  const auto holds_out = [&](const Sample& sample) {
    const bool more = told ? sample.validation : held < wanted;
    return sample.person.empty() ? more : persons.try_emplace(sample.person, more).first->second;
  };
  Split parts;
  for (Sample& sample : samples) {
    const bool hold_out = sample.label && holds_out(sample);
    held += hold_out ? 1 : 0;
    (hold_out ? parts.hold_out : parts.fit).push_back(std::move(sample));
  }
  return parts;
}

}  // namespace pyro::training
