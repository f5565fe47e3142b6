// Blocks of tiles, between feature maps and the matrices that are multiplied. A tile is four by four pixels of a convolution's
// output; a transform makes of it, or of the pixels under it, a vector of channels for each of its products ("slots"). Slots
// that are multiplied with the same weights are one matrix: 36 groups, [slots of the group][tiles][channels].
#pragma once

#include "lines.h"
#include "product.h"

namespace selfadapt::winograd::SELFADAPT_UNIT {

constexpr int kTile = 4;
constexpr int kGroups = 36;

// Kernels of 3 x 3 with padding 1.
struct Stride1 {
  using Read = Read43;
  using Gather = Gather43;
  using Spread = Spread43;
  using Weights = Weights43;
  using ToWeights = WeightGradient43;
  static constexpr int kSlots = 36;
  // A tile's window begins at tile * kStep - kBefore.
  static constexpr int kReadStep = kTile, kBefore = 1, kGatherStep = kTile;
};

struct Stride2 {
  using Read = ReadStrided;
  using Gather = GatherStrided;
  using Spread = SpreadStrided;
  using Weights = WeightsStrided;
  using ToWeights = WeightGradientStrided;
  static constexpr int kSlots = 81;
  static constexpr int kReadStep = 2 * kTile, kBefore = 1, kGatherStep = kTile;
};

// From the gradient of a strided convolution's output to that of its input.
struct Stride2Back {
  using Read = ReadStridedBack;
  using Gather = GatherStridedBack;
  static constexpr int kSlots = 81;
  static constexpr int kReadStep = kTile, kBefore = 0, kGatherStep = 2 * kTile;
};

// Which slots are multiplied with the same weights: in groups, one behind the other.
template <int kSlots>
struct Groups {
  int first[kGroups] = {}, count[kGroups] = {}, slot[9][9] = {}, group[9][9] = {};
  constexpr Groups() {
    int next = 0;
    for (int g = 0; g < kGroups; g++) {
      const bool strided = kSlots == 81;
      const int gy = g / 6, gx = g % 6, high = strided && gy == 5 ? 4 : 1, wide = strided && gx == 5 ? 4 : 1;
      first[g] = next;
      count[g] = high * wide;
      for (int y = 0; y < high; y++) {
        for (int x = 0; x < wide; x++) {
          slot[gy + y][gx + x] = next++;
          group[gy + y][gx + x] = g;
        }
      }
    }
  }
};
template <int kSlots>
constexpr Groups<kSlots> kGroupsOf;

// Tiles are numbered by image, row, column of the map that they are tiles of.
struct Tiles {
  explicit Tiles(const Maps& maps)
      : across(partsOf(maps.width, kTile)), down(partsOf(maps.height, kTile)), count(maps.images * down * across) {}
  int across, down, count;
};

struct Place {
  Place(const Tiles& tiles, int tile)
      : image(tile / (tiles.down * tiles.across)), row(tile / tiles.across % tiles.down), column(tile % tiles.across) {}
  int image, row, column;
};

// Rows padded so that addresses of many rows do not fall on the same sets of a cache.
static SELFADAPT_INLINE size_t paddedRow(int channels) { return channels < 64 ? channels : channels + 16; }

// Matrices of a block of tiles, as left factors or sums.
struct Rows {
  Rows(float* at, int tiles, int channels) : at(at), tiles(tiles), row(paddedRow(channels)) {}
  static size_t floats(int slots, int tiles, int channels) {
    return static_cast<size_t>(slots) * tiles * paddedRow(channels) + kGroups * 32;
  }
  SELFADAPT_INLINE float* slot(int slot, int group) const { return at + static_cast<size_t>(slot) * tiles * row + group * 32; }
  float* at;
  int tiles;
  size_t row;
};

// The same as right factors, in panels of columns.
struct Panels {
  Panels(float* at, int tiles, int channels) : at(at), tiles(tiles), channels(channels) {}
  static size_t floats(int slots, int tiles, int channels) {
    return static_cast<size_t>(slots) * tiles * channels + kGroups * 32;
  }
  SELFADAPT_INLINE float* group(int first, int group) const {
    return at + static_cast<size_t>(first) * tiles * channels + group * 32;
  }
  float* at;
  int tiles, channels;
};

// Prefetches the four rows below a tile's window, which the next row of tiles reads: its many streams defeat the hardware.
static SELFADAPT_INLINE void prefetchBelow(const float* from, const Maps& maps, ptrdiff_t corner, int window) {
  const ptrdiff_t pixel = maps.paddedChannels(), row = maps.width * pixel;
#pragma GCC unroll 4
  for (int y = window; y < window + 4; y++) {
#pragma GCC unroll 4
    for (int x = 1; x < 5; x++) __builtin_prefetch(from + corner + y * row + x * pixel, 0, 2);
  }
}

// What a vector of channels becomes as it is read.
struct AsStored {
  AsStored(const Reading&, int) {}
  SELFADAPT_INLINE Vector operator()(Vector v) const { return v; }
};

struct Normed {
  Normed(const Reading& reading, int channel) : scale(load(reading.scale + channel)), shift(load(reading.shift + channel)) {}
  SELFADAPT_INLINE Vector operator()(Vector v) const { return relu(v * scale + shift); }
  Vector scale, shift;
};

// Transforms a window of pixels at one vector of channels; pixels outside of the map are zeros.
template <class Side, class Read, class To>
static SELFADAPT_INLINE void readWindow(const float* from, const Maps& maps, int image, int y0, int x0, int channel, const Read& read,
                                        const To& to) {
  const bool inside = y0 >= 0 && x0 >= 0 && y0 + Side::kFrom <= maps.height && x0 + Side::kFrom <= maps.width;
  const ptrdiff_t pixel = maps.paddedChannels(), row = maps.width * pixel;
  const ptrdiff_t corner = static_cast<ptrdiff_t>(maps.at(image, 0, 0)) + y0 * row + x0 * pixel + channel;
  if (channel % 16 == 0) prefetchBelow(from, maps, corner, Side::kFrom);
  if (inside) {
    transform<Side>([&](int y, int x) { return read(load(from + corner + y * row + x * pixel)); }, to);
  } else {
    transform<Side>(
        [&](int y, int x) {
          const bool exists = y0 + y >= 0 && x0 + x >= 0 && y0 + y < maps.height && x0 + x < maps.width;
          return exists ? read(load(from + corner + y * row + x * pixel)) : Vector{};
        },
        to);
  }
}

// Pixels to left factors: input pixels, or spread output gradients.
template <class Side, int kSlots, int kStep, int kBefore, class Read>
static void readRows(const float* from, const Maps& maps, const Reading& reading, const Tiles& tiles, int first, int begin, int end,
                     const Rows& to) {
  constexpr auto& groups = kGroupsOf<kSlots>;
  for (int i = begin; i < end; i++) {
    const Place place(tiles, first + i);
    const int y0 = place.row * kStep - kBefore, x0 = place.column * kStep - kBefore;
    for (int channel = 0; channel < maps.paddedChannels(); channel += kWidth) {
      readWindow<Side>(from, maps, place.image, y0, x0, channel, Read(reading, channel), [&](int y, int x, Vector v) {
        store(to.slot(groups.slot[y][x], groups.group[y][x]) + i * to.row + channel, v);
      });
    }
  }
}

// Input pixels to right factors.
template <class Side, int kSlots, int kStep, int kBefore, class Read>
static void readPanels(const float* from, const Maps& maps, const Reading& reading, const Tiles& tiles, int first, int begin, int end,
                       const Panels& to) {
  constexpr auto& groups = kGroupsOf<kSlots>;
  const int channels = maps.paddedChannels();
  for (int i = begin; i < end; i++) {
    const Place place(tiles, first + i);
    const int y0 = place.row * kStep - kBefore, x0 = place.column * kStep - kBefore;
    for (int channel = 0; channel < channels; channel += kWidth) {
      const int panel = channel / kPanel * kPanel, width = panelWidth(panel, channels);
      readWindow<Side>(from, maps, place.image, y0, x0, channel, Read(reading, channel), [&](int y, int x, Vector v) {
        const int group = groups.group[y][x], first = groups.first[group], row = (groups.slot[y][x] - first) * to.tiles + i;
        const size_t depth = static_cast<size_t>(groups.count[group]) * to.tiles;
        store(to.group(first, group) + panelAt(panel, depth) + static_cast<size_t>(row) * width + (channel - panel), v);
      });
    }
  }
}

// Sums to output pixels, by way of a writer.
template <class Shape, class Writer>
static void gatherTiles(const Rows& from, const Maps& maps, const Tiles& tiles, int first, int begin, int end, const Writer& writer) {
  constexpr auto& groups = kGroupsOf<Shape::kSlots>;
  for (int i = begin; i < end; i++) {
    const Place place(tiles, first + i);
    const int y0 = place.row * Shape::kGatherStep, x0 = place.column * Shape::kGatherStep;
    const int high = maps.height - y0, wide = maps.width - x0;
    const size_t pixel = maps.paddedChannels(), row = maps.width * pixel, corner = maps.at(place.image, y0, x0);
    for (int channel = 0; channel < maps.paddedChannels(); channel += kWidth) {
      typename Writer::State state;
      writer.begin(state, channel);
      if (channel % 16 == 0) {
#pragma GCC unroll 4
        for (int y = 0; y < kTile; y++) {
#pragma GCC unroll 4
          for (int x = kTile; x < 2 * kTile; x++) writer.prefetch(corner + y * row + x * pixel + channel);
        }
      }
      transform<typename Shape::Gather>(
          [&](int y, int x) {
            return load(from.slot(groups.slot[y][x], groups.group[y][x]) + i * from.row + channel);
          },
          [&](int y, int x, Vector v) {
            if (y < high && x < wide) writer(state, v, corner + y * row + x * pixel + channel);
          });
      writer.end(state, channel);
    }
  }
}

}  // namespace selfadapt::winograd::SELFADAPT_UNIT
