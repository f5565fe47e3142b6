{
  "targets": [
    {
      "target_name": "selfadapt",
      "sources": ["<!@(node scripts/setup/gyp-value.mjs sources)"],
      "defines": [
        "NAPI_VERSION=8",
        "NAPI_CPP_EXCEPTIONS",
        "NODE_ADDON_API_DISABLE_DEPRECATED",
        "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS",
        "<!@(node scripts/setup/gyp-value.mjs defines)"
      ],
      "include_dirs": ["native"],
      "cflags!": ["-fno-exceptions"],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17", "-std=gnu++20"],
      "cflags_cc": [
        "-O3",
        "-Wall",
        "-Wextra",
        "-Wno-unused-parameter",
        "-Wno-cast-function-type",
        "-fvisibility=hidden",
        "<!@(node scripts/setup/gyp-value.mjs compile)"
      ],
      "libraries": ["<!@(node scripts/setup/gyp-value.mjs link)"],
      "xcode_settings": {
        "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
        "GCC_ENABLE_CPP_RTTI": "YES",
        "GCC_SYMBOLS_PRIVATE_EXTERN": "YES",
        "CLANG_CXX_LIBRARY": "libc++",
        "CLANG_CXX_LANGUAGE_STANDARD": "<!(node scripts/setup/gyp-value.mjs standard)",
        "MACOSX_DEPLOYMENT_TARGET": "11.0",
        "OTHER_CFLAGS": ["<!@(node scripts/setup/gyp-value.mjs compile)"]
      },
      "conditions": [
        ["OS=='linux' and target_arch=='x64'", { "dependencies": ["kernels", "winograd_avx2", "winograd_avx512"] }],
        ["OS=='linux' and target_arch=='arm64'", { "dependencies": ["winograd_neon"] }]
      ]
    }
  ],
  "conditions": [
    [
      "OS=='linux' and target_arch=='x64'",
      {
        "targets": [
          {
            "target_name": "kernels",
            "type": "static_library",
            "sources": ["<!@(node scripts/setup/gyp-value.mjs kernels)"],
            "cflags_cc!": ["-std=gnu++17", "-std=gnu++20"],
            "cflags_cc": [
              "-std=c++17",
              "-O3",
              "-fPIC",
              "-ffp-contract=off",
              "-Wall",
              "-Wextra",
              "-Wno-unknown-warning-option",
              "-Wno-uninitialized",
              "-Wno-maybe-uninitialized",
              "-fvisibility=hidden",
              "-mavx512f",
              "-mavx512bw",
              "-mavx512dq",
              "-mavx512vl",
              "-mavx512bf16",
              "-mamx-tile",
              "-mamx-bf16"
            ]
          },
          {
            "target_name": "winograd_avx2",
            "type": "static_library",
            "sources": ["native/winograd/unit.cc"],
            "cflags_cc!": ["-std=gnu++17", "-std=gnu++20"],
            "cflags_cc": [
              "-std=c++20",
              "-O3",
              "-fPIC",
              "-ffp-contract=fast",
              "-fno-math-errno",
              "-Wall",
              "-Wextra",
              "-Wno-unknown-warning-option",
              "-Wno-ignored-attributes",
              "-Wno-psabi",
              "-Wno-uninitialized",
              "-Wno-maybe-uninitialized",
              "-fvisibility=hidden",
              "-mavx2",
              "-mfma"
            ]
          },
          {
            "target_name": "winograd_avx512",
            "type": "static_library",
            "sources": ["native/winograd/unit.cc"],
            "cflags_cc!": ["-std=gnu++17", "-std=gnu++20"],
            "cflags_cc": [
              "-std=c++20",
              "-O3",
              "-fPIC",
              "-ffp-contract=fast",
              "-fno-math-errno",
              "-Wall",
              "-Wextra",
              "-Wno-unknown-warning-option",
              "-Wno-ignored-attributes",
              "-Wno-psabi",
              "-Wno-uninitialized",
              "-Wno-maybe-uninitialized",
              "-fvisibility=hidden",
              "-mavx2",
              "-mfma",
              "-mavx512f",
              "-mavx512bw",
              "-mavx512dq",
              "-mavx512vl"
            ]
          }
        ]
      }
    ],
    [
      "OS=='linux' and target_arch=='arm64'",
      {
        "targets": [
          {
            "target_name": "winograd_neon",
            "type": "static_library",
            "sources": ["native/winograd/unit.cc"],
            "cflags_cc!": ["-std=gnu++17", "-std=gnu++20"],
            "cflags_cc": [
              "-std=c++20",
              "-O3",
              "-fPIC",
              "-ffp-contract=fast",
              "-fno-math-errno",
              "-Wall",
              "-Wextra",
              "-Wno-unknown-warning-option",
              "-Wno-ignored-attributes",
              "-Wno-psabi",
              "-Wno-uninitialized",
              "-Wno-maybe-uninitialized",
              "-fvisibility=hidden"
            ]
          }
        ]
      }
    ]
  ]
}
