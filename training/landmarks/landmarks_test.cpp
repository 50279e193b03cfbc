#include "landmarks/landmarks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "pyro/base/sha256.hpp"
#include "pyro/datasets/fingerprint.hpp"
#include "pyro/datasets/random.hpp"
#include "pyro/infer/model_store.hpp"

namespace pyro::training {
namespace {

using testing::HasSubstr;

std::filesystem::path scratch(const std::string& name) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / ("landmarks_" + name);
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

std::string name_of(const crop::GreyFace& face) {
  const datasets::Digest digest = datasets::digest_of(face);
  std::array<char, 40> name{};
  std::snprintf(name.data(), name.size(), "%016llx%016llx", static_cast<unsigned long long>(digest[0]),
                static_cast<unsigned long long>(digest[1]));
  return name.data();
}

// Faces whose class shows in feature "a" (class + noise) and, less well, in what the network says; every
// tenth has no mesh.
struct Made {
  std::vector<Sample> samples;
  FeatureTable table;
};
Made made(int count) {
  Made all;
  all.table.names = {"a", "b", "c"};
  datasets::Random random(3);
  for (int i = 0; i < count; ++i) {
    Sample sample;
    for (std::size_t k = 0; k < 4; ++k) {
      sample.face.pixels[k] = static_cast<std::uint8_t>(i >> (8 * k));
    }
    const int label = i % kClasses;
    sample.label = sample.majority = label;
    Measured measured;
    measured.mesh = i % 10 != 0;
    measured.features = {static_cast<float>(label) + random.uniform(-0.3F, 0.3F), random.uniform(),
                         i % 3 == 0 ? std::nanf("") : random.uniform()};
    if (!measured.mesh) {
      measured.features.assign(3, std::nanf(""));
    }
    for (Distribution& p : measured.network) {
      p.fill(0.1F);
      p[static_cast<std::size_t>(random.uniform() < 0.5F ? label : (label + 1) % kClasses)] = 0.4F;
    }
    all.table.by_picture.emplace(name_of(sample.face), measured);
    all.samples.push_back(sample);
  }
  return all;
}

infer::ModelEntry entry_of(const std::filesystem::path& folder) {
  const auto file = [&](const std::string& name) {
    std::ifstream stream(folder / name, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    const std::string bytes = text.str();
    return infer::ModelFile{name, bytes.size(), sha256_hex(bytes)};
  };
  infer::ModelEntry entry;
  entry.name = "fused";
  entry.version = "1.0.0";
  entry.origin = infer::Origin::added;
  entry.file = file("fused.json");
  entry.self_test = file("selftest.json");
  return entry;
}

TEST(Landmarks, WhatXgboostSaysIsWhatTheProgramSays) {
  const std::filesystem::path out = scratch("parity");
  const Made all = made(1400);
  LandmarkOptions options;
  options.trees.rounds = 20;
  options.smoothing_s = 0.25;
  const Result<nlohmann::json> report = fit_landmarks(all.samples, all.table, options, nullptr, out);
  ASSERT_TRUE(report) << report.error().text();
  const nlohmann::json& held = report->at("fer2013").at("hold_out");
  EXPECT_EQ(held["n"], 140);
  // The branch knows every face that has a mesh; the network half of them; together they know more than
  // either.
  EXPECT_GT(held["branch"]["accuracy"], 0.85);
  EXPECT_LT(held["network"]["accuracy"], 0.65);
  EXPECT_GT(held["fused"]["accuracy"], held["branch"]["accuracy"]);
  // Loading runs the self-test, whose answers are XGBoost's own, within 2e-6.
  infer::StoreOptions store;
  store.registry = out;
  store.added = {entry_of(out)};
  const infer::ModelStore models = infer::ModelStore::of_added(store);
  const auto model = models.compile("fused@1.0.0");
  ASSERT_TRUE(model) << model.error().text();
  auto network = infer::Network::create(*model);
  ASSERT_TRUE(network) << network.error().text();
  ASSERT_EQ(network->output_count(), 5U);
  ASSERT_TRUE(network->run());
  EXPECT_EQ(network->output(4)[0], 0.25F);
}

TEST(Landmarks, TheSameSeedGivesTheSameModel) {
  const Made all = made(700);
  LandmarkOptions options;
  options.trees.rounds = 5;
  const auto bytes = [&](const std::string& name) {
    const std::filesystem::path out = scratch(name);
    EXPECT_TRUE(fit_landmarks(all.samples, all.table, options, nullptr, out));
    return entry_of(out).file.sha256;
  };
  EXPECT_EQ(bytes("first"), bytes("second"));
}

TEST(Landmarks, TooFewPicturesAreRefused) {
  const Made all = made(6);
  const auto report = fit_landmarks(all.samples, all.table, {}, nullptr, scratch("few"));
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().text(), HasSubstr("too few"));
}

TEST(Fusion, TurnsToThePartThatIsRight) {
  // The network is always sure of class 0, the branch is right: all weight should go to the branch.
  std::vector<Pair> pairs;
  for (int i = 0; i < 70; ++i) {
    Pair pair;
    pair.label = i % kClasses;
    pair.network.fill(0.02F);
    pair.network[0] = 0.88F;
    pair.branch.fill(0.05F);
    pair.branch[static_cast<std::size_t>(pair.label)] = 0.7F;
    pairs.push_back(pair);
  }
  const Fusion fusion = fit_fusion(pairs);
  for (const Pair& pair : pairs) {
    const Distribution p = fused(fusion, pair.network, pair.branch);
    EXPECT_GT(p[static_cast<std::size_t>(pair.label)], 0.6F);
  }
  // Nothing to learn from, or a strong pull: the network alone.
  for (const Fusion& alone : {fit_fusion({}), fit_fusion(pairs, 1e4)}) {
    const Distribution p = fused(alone, pairs[3].network, pairs[3].branch);
    EXPECT_NEAR(p[0], 0.88F, 1e-2);
  }
}

TEST(Features, ReadsWhatWasWrittenAndRefusesTheRest) {
  const std::filesystem::path file = scratch("table") / "t.csv";
  std::string header = "picture,label,mesh";
  for (const char* head : kHeads) {
    for (const char* name : kClassNames) {
      header += std::string(",") + head + "." + name;
    }
  }
  header += ",distance.x,angle.y\n";
  const std::string network = ",0.4,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.4,0.1,0.1,0.1,0.1,0.1";
  const auto read = [&](const std::string& text) {
    std::ofstream(file, std::ios::binary) << text;
    return read_features(file);
  };
  const crop::GreyFace face;
  const auto table = read(header + name_of(face) + ",sad,1" + network + ",0.5,\n");
  ASSERT_TRUE(table) << table.error().text();
  EXPECT_EQ(table->names, (std::vector<std::string>{"distance.x", "angle.y"}));
  const Measured* row = table->find(face);
  ASSERT_NE(row, nullptr);
  EXPECT_TRUE(row->mesh);
  EXPECT_EQ(row->network[1][1], 0.4F);
  EXPECT_EQ(row->features[0], 0.5F);
  EXPECT_TRUE(std::isnan(row->features[1]));
  const auto message = [&](const std::string& text) {
    const auto refused = read(text);
    return refused ? std::string("accepted") : refused.error().text();
  };
  EXPECT_THAT(message("a,b\n"), HasSubstr("line 1"));
  EXPECT_THAT(message(header), HasSubstr("holds no picture"));
  EXPECT_THAT(message(header + "x,sad,1,0.4\n"), HasSubstr("line 2: has 4 cells"));
  EXPECT_THAT(message(header + "x,sad,1" + network + ",?,\n"), HasSubstr("'?' is no number"));
  EXPECT_THAT(read_features("/nowhere/t.csv").error().text(), HasSubstr("cannot be opened"));
}

}  // namespace
}  // namespace pyro::training
