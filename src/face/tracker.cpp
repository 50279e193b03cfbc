#include "pyro/face/tracker.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "geometry.hpp"

namespace pyro::face {
namespace {

// Pairs of mesh points whose distance tells people apart best (largest ratio of the spread between people to
// that within a person, on the shared clips): width at temples and cheeks, forehead, bridge and wings of the
// nose, eye corners.
constexpr std::array<std::pair<std::size_t, std::size_t>, 24> kPairs{{
    {127, 356}, {10, 133}, {10, 168},  {10, 6},    {234, 356}, {454, 127}, {133, 151}, {168, 151},
    {10, 197},  {6, 151},  {234, 454}, {10, 362},  {362, 151}, {151, 197}, {10, 2},    {10, 1},
    {10, 129},  {2, 151},  {133, 362}, {129, 151}, {10, 358},  {1, 151},   {358, 151}, {133, 263},
}};

constexpr float kMostShapeFrames = 250;  // the running mean forgets slowly, so that a slow change is followed
constexpr float kMostShapeYaw_deg = 30;  // beyond, the far half of the mesh is guessed
constexpr float kSpeedMemory = 0.5F;     // share of the new speed in the running one
constexpr float kShapeCost = 4;  // one face size of distance costs as much as 0.25 of shape difference
constexpr Seconds kLongestPrediction{0.3};  // a speed says nothing about where somebody is later

}  // namespace

Tracker::Tracker(TrackerOptions options) : options_(options) {
  // Enough for any real scene; more faces only mean that the vectors grow.
  tracks_.reserve(64);
  shapes_.reserve(64);
  matches_.reserve(256);
}

Tracker::Shape Tracker::shape_of(const records::FaceMesh& face) {
  Shape shape{};
  if (face.point_count == 0) return shape;
  float mean = 0;
  for (std::size_t i = 0; i < kPairs.size(); ++i) {
    const auto& a = face.points[kPairs[i].first];
    const auto& b = face.points[kPairs[i].second];
    shape[i] = std::log(std::max(std::hypot(a.x - b.x, a.y - b.y, a.z - b.z), 1e-3F));
    mean += shape[i];
  }
  mean /= static_cast<float>(kPairs.size());
  for (float& value : shape) value -= mean;
  return shape;
}

float Tracker::difference(const Shape& a, const Shape& b) {
  float sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(sum / static_cast<float>(a.size()));
}

// Whether this face can be the track's, and how well it fits.
bool Tracker::match(const Track& track, Seconds time, const records::FaceMesh& face, const Shape& shape,
                    float& cost) const {
  const Seconds gone = time - track.seen;
  const auto ahead = static_cast<float>(std::min(gone, kLongestPrediction).count());
  const records::Point2 expected{track.centre.x + track.speed.x * ahead,
                                 track.centre.y + track.speed.y * ahead};
  const records::Point2 centre = centre_of(face.box);
  const float size = std::max(face.box.width, face.box.height);
  const float larger = std::max({size, track.size, 1.0F});
  const float distance = std::hypot(centre.x - expected.x, centre.y - expected.y) / larger;
  const float reach = std::min(
      options_.reach + options_.reach_growth_per_s * static_cast<float>(gone.count()), options_.most_reach);
  const float growth = std::abs(std::log(std::max(size, 1.0F) / std::max(track.size, 1.0F)));
  if (distance > reach || growth > std::log(2.0F)) return false;
  const bool shapes_known = face.point_count > 0 && track.shape_weight > 0;
  const float unlike = shapes_known ? difference(shape, track.shape) : 0;
  if (gone > options_.coast && unlike > options_.most_shape_difference) return false;
  cost = distance + growth / 2 + kShapeCost * unlike;
  return true;
}

void Tracker::update(Track& track, Seconds time, const records::FaceMesh& face, const Shape& shape) {
  const records::Point2 centre = centre_of(face.box);
  const auto step = static_cast<float>((time - track.seen).count());
  if (step > 0 && Seconds(static_cast<double>(step)) <= options_.coast && track.size > 0) {
    track.speed.x += kSpeedMemory * ((centre.x - track.centre.x) / step - track.speed.x);
    track.speed.y += kSpeedMemory * ((centre.y - track.centre.y) / step - track.speed.y);
  } else {
    track.speed = {};
  }
  track.seen = time;
  track.centre = centre;
  track.size = std::max(face.box.width, face.box.height);
  if (face.point_count > 0 && (std::abs(face.pose.yaw_deg) < kMostShapeYaw_deg || track.shape_weight == 0)) {
    track.shape_weight = std::min(track.shape_weight + 1, kMostShapeFrames);
    for (std::size_t i = 0; i < shape.size(); ++i) {
      track.shape[i] += (shape[i] - track.shape[i]) / track.shape_weight;
    }
  }
}

void Tracker::assign(Seconds time, std::span<records::FaceMesh> faces) {
  const Seconds over_pause = std::max(options_.keep_lost, options_.keep_over_pause);
  std::erase_if(tracks_, [&](const Track& track) {
    const bool till_the_pause = last_time_ - track.seen <= options_.coast;
    return time - track.seen > (till_the_pause ? over_pause : options_.keep_lost);
  });
  last_time_ = time;
  shapes_.clear();
  matches_.clear();
  for (std::size_t f = 0; f < faces.size(); ++f) {
    faces[f].face_id = -1;
    shapes_.push_back(shape_of(faces[f]));
    for (std::size_t t = 0; t < tracks_.size(); ++t) {
      float cost = 0;
      if (!match(tracks_[t], time, faces[f], shapes_[f], cost)) continue;
      // A track seen just now comes before one that was lost: those who stayed keep their ids.
      if (time - tracks_[t].seen > options_.coast) cost += options_.most_reach;
      matches_.push_back({cost, t, f});
    }
  }
  std::ranges::sort(matches_, {},
                    [](const Match& match) { return std::tuple(match.cost, match.track, match.face); });
  for (const Match& match : matches_) {
    Track& track = tracks_[match.track];
    const bool taken = std::ranges::any_of(faces, [&](const auto& face) { return face.face_id == track.id; });
    if (taken || faces[match.face].face_id >= 0) continue;
    faces[match.face].face_id = track.id;
    update(track, time, faces[match.face], shapes_[match.face]);
  }
  for (std::size_t f = 0; f < faces.size(); ++f) {
    if (faces[f].face_id >= 0) continue;
    faces[f].face_id = next_id_++;
    Track track;
    track.id = faces[f].face_id;
    track.seen = time;
    update(track, time, faces[f], shapes_[f]);
    tracks_.push_back(track);
  }
}

}  // namespace pyro::face
