#include "pyro/datasets/twins.hpp"

#include <map>
#include <set>

#include "disjoint_sets.hpp"
#include "pyro/crop/whole_picture.hpp"
#include "pyro/datasets/fingerprint.hpp"
#include "pyro/datasets/near_pairs.hpp"

namespace pyro::datasets {
namespace {

struct Looks {
  Digest digest{};
  crop::GreyFace face;
};

Result<Looks> looks_of(const Item& item) {
  if (item.face) return Looks{digest_of(*item.face), *item.face};
  const Result<records::Frame> frame = load_picture(item);
  if (!frame) return tl::make_unexpected(frame.error());
  return Looks{digest_of(*frame), crop::whole(*frame)};
}

}  // namespace

Twins find_twins(const std::vector<Item>& items, int near_bits,
                 const std::function<bool(std::size_t)>& go_on) {
  Twins twins;
  // Of each different picture: its items, and what it looks like.
  std::map<Digest, std::size_t> known;
  std::vector<Members> different;
  std::vector<std::uint64_t> hashes;
  std::vector<Sketch> sketches;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (go_on && !go_on(i)) return {};
    Result<Looks> looks = looks_of(items[i]);
    if (!looks) {
      twins.broken.push_back({i, std::move(looks.error())});
      continue;
    }
    const auto [at, fresh] = known.try_emplace(looks->digest, different.size());
    if (fresh) {
      different.emplace_back();
      hashes.push_back(perceptual_hash(looks->face));
      sketches.push_back(sketch_of(looks->face));
    }
    different[at->second].push_back(i);
  }
  DisjointSets sets(different.size());
  near_pairs(hashes, near_bits, [&](std::size_t i, std::size_t j) {
    if (likeness(sketches[i], sketches[j]) >= kTwinLikeness) sets.join(i, j);
  });
  std::vector<Members> joined(different.size());
  std::vector<int> pictures(different.size());
  for (std::size_t i = 0; i < different.size(); ++i) {
    Members& members = joined[sets.find(i)];
    members.insert(members.end(), different[i].begin(), different[i].end());
    ++pictures[sets.find(i)];
    if (different[i].size() > 1) twins.exact.push_back(different[i]);
  }
  for (std::size_t i = 0; i < joined.size(); ++i) {
    if (pictures[i] < 2) continue;
    std::ranges::sort(joined[i]);
    twins.near.push_back(std::move(joined[i]));
  }
  return twins;
}

Result<std::vector<bool>> exact_twins_in(const std::vector<Item>& items, const std::vector<Item>& others) {
  const auto digest = [](const Item& item) -> Result<Digest> {
    if (item.face) return digest_of(*item.face);
    const Result<records::Frame> frame = load_picture(item);
    if (!frame) return tl::make_unexpected(frame.error());
    return digest_of(*frame);
  };
  std::set<Digest> known;
  for (const Item& other : others) {
    const Result<Digest> one = digest(other);
    if (!one) return tl::make_unexpected(one.error());
    known.insert(*one);
  }
  std::vector<bool> twins;
  for (const Item& item : items) {
    const Result<Digest> one = digest(item);
    if (!one) return tl::make_unexpected(one.error());
    twins.push_back(known.contains(*one));
  }
  return twins;
}

}  // namespace pyro::datasets
