#include "pyro/datasets/twins.hpp"

#include <map>
#include <set>

#include "disjoint_sets.hpp"
#include "pyro/crop/whole_picture.hpp"
#include "pyro/datasets/near_pairs.hpp"

namespace pyro::datasets {
namespace {

Result<Fingerprint> print_of(const Item& item) {
  if (item.face)
    return Fingerprint{digest_of(*item.face), perceptual_hash(*item.face), sketch_of(*item.face)};
  const Result<records::Frame> frame = load_picture(item);
  if (!frame) return tl::make_unexpected(frame.error());
  return fingerprint_of(*frame);
}

}  // namespace

Fingerprint fingerprint_of(const records::Frame& frame) {
  const crop::GreyFace face = crop::whole(frame);
  return {digest_of(frame), perceptual_hash(face), sketch_of(face)};
}

Twins twins_among(const std::vector<Fingerprint>& pictures, int near_bits) {
  Twins twins;
  // Of each different picture: where it stands, and what it looks like.
  std::map<Digest, std::size_t> known;
  std::vector<Members> different;
  std::vector<std::uint64_t> hashes;
  std::vector<const Sketch*> sketches;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const auto [at, fresh] = known.try_emplace(pictures[i].digest, different.size());
    if (fresh) {
      different.emplace_back();
      hashes.push_back(pictures[i].hash);
      sketches.push_back(&pictures[i].sketch);
    }
    different[at->second].push_back(i);
  }
  DisjointSets sets(different.size());
  near_pairs(hashes, near_bits, [&](std::size_t i, std::size_t j) {
    if (likeness(*sketches[i], *sketches[j]) >= kTwinLikeness) sets.join(i, j);
  });
  std::vector<Members> joined(different.size());
  std::vector<int> many(different.size());
  for (std::size_t i = 0; i < different.size(); ++i) {
    Members& members = joined[sets.find(i)];
    members.insert(members.end(), different[i].begin(), different[i].end());
    ++many[sets.find(i)];
    if (different[i].size() > 1) twins.exact.push_back(different[i]);
  }
  for (std::size_t i = 0; i < joined.size(); ++i) {
    if (many[i] < 2) continue;
    std::ranges::sort(joined[i]);
    twins.near.push_back(std::move(joined[i]));
  }
  return twins;
}

Twins find_twins(const std::vector<Item>& items, int near_bits,
                 const std::function<bool(std::size_t)>& go_on) {
  std::vector<Fingerprint> pictures;
  Members places;  // of each of them among the items
  std::vector<Broken> broken;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (go_on && !go_on(i)) return {};
    Result<Fingerprint> one = print_of(items[i]);
    if (!one) {
      broken.push_back({i, std::move(one.error())});
      continue;
    }
    pictures.push_back(*one);
    places.push_back(i);
  }
  Twins twins = twins_among(pictures, near_bits);
  for (std::vector<Members>* groups : {&twins.exact, &twins.near}) {
    for (Members& group : *groups) {
      for (std::size_t& member : group) member = places[member];
    }
  }
  twins.broken = std::move(broken);
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
